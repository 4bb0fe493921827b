// The settings that name stores and secrets: any bytes are read or refused, and the error does not repeat a
// refused value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/address_settings.h"
#include "app/references.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dossier::app;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto found = parse_reference(text)) {
    require(is_reference(text) && !found->name.empty());
    require(text.ends_with(found->key) && text.contains(found->name));
  }
  if (const auto found = parse_records_url(text)) {
    const auto* database = std::get_if<dossier::stores::mysql_location>(&*found);
    // A URL must not have a password.
    require(database == nullptr || !database->user.contains(':'));
    require(database == nullptr || !database->host.contains('@'));
  }
  if (const auto found = parse_objects_url(text)) {
    const auto* bucket = std::get_if<dossier::stores::s3_location>(&*found);
    require(bucket == nullptr || bucket->prefix.empty() || bucket->prefix.ends_with('/'));
  }
  (void)parse_catalog_url(text);
  if (const auto found = parse_host(text, 3306)) require(found->port != 0 && !found->host.contains('['));
  return 0;
}
