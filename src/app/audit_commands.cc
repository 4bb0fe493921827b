#include "app/audit_commands.h"

#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "app/existing_data.h"
#include "app/logging.h"
#include "app/run_to_end.h"
#include "app/setting_kinds.h"
#include "base/clock.h"
#include "base/sha256.h"
#include "domain/audit.h"

namespace dossier::app {
namespace {

constexpr int wrong = 1;
constexpr int failed = 2;
constexpr int exported_at_once = 500;

int fail(const base::error& why) {
  fmt::print(stderr, "{}\n", why.message);
  return failed;
}

base::result<std::optional<domain::audit_mark>> parse_mark(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto colon = text.find(':');
  const auto number = parse_count(std::string_view(text).substr(0, colon));
  const auto hash = colon == std::string::npos
                        ? std::nullopt
                        : base::digest_from_hex(std::string_view(text).substr(colon + 1));
  if (!number || !hash || *number > 1'000'000'000'000'000) {
    return base::fail(base::error_code::invalid,
                      "An entry is written as NUMBER:HASH, with the 64 digits of its hash.");
  }
  return domain::audit_mark{static_cast<std::int64_t>(*number), *hash};
}

// What was done a moment ago belongs to the log too.
base::result<void> chain_all(domain::audit_log& audit) {
  while (true) {
    const auto more = run_to_end(audit.chain());
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
  }
}

}  // namespace

int verify_audit(const settings& chosen, const command& asked) {
  const logging log(chosen);
  const auto known = parse_mark(asked.known_entry);
  if (!known) return fail(known.error());
  auto data = existing_data::open(chosen, whose::unchecked);
  if (!data) return fail(data.error());
  auto& audit = (*data)->records().audit();
  if (auto chained = chain_all(audit); !chained) return fail(chained.error());
  const auto report = run_to_end(domain::verify_audit(audit, *known));
  if (!report) return fail(report.error());
  if (report->wrong) {
    fmt::print("{}\n", *report->wrong);
    return wrong;
  }
  if (report->state.cut.number > 0)
    fmt::print("Entries up to {} were cut off, because they were old.\n", report->state.cut.number);
  fmt::print("{} entries{}, and each follows from the one before.\n", report->entries,
             report->entries == 0 ? "" : ", from " + base::to_rfc3339(report->first_at) + " on");
  if (report->state.last.number > 0) {
    fmt::print("The last one, to keep elsewhere: {}:{}\n", report->state.last.number,
               base::to_hex(report->state.last.hash));
  }
  return 0;
}

int export_audit(const settings& chosen) {
  const logging log(chosen);
  auto data = existing_data::open(chosen, whose::unchecked);
  if (!data) return fail(data.error());
  auto& audit = (*data)->records().audit();
  if (auto noted = run_to_end(audit.note(domain::by_command(), domain::audit_action::audit_exported, 0, ""));
      !noted)
    return fail(noted.error());
  if (auto chained = chain_all(audit); !chained) return fail(chained.error());
  for (std::int64_t after = 0;;) {
    const auto some = run_to_end(audit.scan(after, exported_at_once));
    if (!some) return fail(some.error());
    if (some->empty()) return 0;
    for (const auto& entry : *some) fmt::print("{}\n", to_json_with_hash(entry));
    after = some->back().number;
  }
}

}  // namespace dossier::app
