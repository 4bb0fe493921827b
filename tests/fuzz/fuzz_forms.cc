// Queries, forms, percent-encoding and request targets.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "http/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dossier;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (http::percent_decode(http::percent_encode(text), true) != text) std::abort();
  if (auto pairs = http::parse_form(text, 50); pairs && pairs->size() > 50) std::abort();
  (void)http::is_valid_host(text);
  http::split_target target;
  if (http::parse_target(text, "GET", target)) {
    if (!target.path.starts_with('/') || !base::is_valid_utf8(target.path)) std::abort();
    if (base::has_control_characters(target.path)) std::abort();
    std::string framed = target.path + "/";
    if (framed.find("/../") != std::string::npos || framed.find("/./") != std::string::npos) std::abort();
  }
  return 0;
}
