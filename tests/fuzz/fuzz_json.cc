// JSON bodies of the API: whatever arrives, the parser ends, and what it returns keeps within its rules.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_text.h"
#include "base/text.h"
#include "fakes/details.h"
#include "web/json_body.h"

namespace {

using dossier::web::parsed_details;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string written(const parsed_details& parsed) {
  std::string json = "{";
  const auto add = [&json](std::string_view name, const std::optional<std::string>& value) {
    if (!value) return;
    if (json.back() != '{') json += ',';
    dossier::base::append_json_string(json, name);
    json += ':';
    dossier::base::append_json_string(json, *value);
  };
  add("name", parsed.draft[dossier::fakes::name_at]);
  add("location", parsed.draft[dossier::fakes::location_at]);
  add("age", parsed.draft[dossier::fakes::age_at]);
  add("technology", parsed.draft[dossier::fakes::technology_at]);
  return json + '}';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = dossier::web::parse_details(text);
  if (!parsed) {
    require(parsed.error().code == dossier::base::error_code::malformed);
    return 0;
  }
  require(dossier::base::is_valid_utf8(text));
  for (const auto& each : parsed->wrong) {
    require(dossier::base::is_valid_utf8(each.field));
    require(!each.message.empty());
  }
  (void)dossier::web::all_errors(*parsed, true);
  // What was read, then written as JSON and read again, is the same.
  const auto again = dossier::web::parse_details(written(*parsed));
  require(again.has_value() && again->wrong.empty());
  require(again->draft[dossier::fakes::name_at] == parsed->draft[dossier::fakes::name_at] &&
          again->draft[dossier::fakes::location_at] == parsed->draft[dossier::fakes::location_at]);
  require(again->draft[dossier::fakes::age_at] == parsed->draft[dossier::fakes::age_at] &&
          again->draft[dossier::fakes::technology_at] == parsed->draft[dossier::fakes::technology_at]);
  return 0;
}
