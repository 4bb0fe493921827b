// The shared files of AWS's tools, commands in them, and endpoints: any bytes are read or refused.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/credentials/process.h"
#include "aws/credentials/profile_credentials.h"
#include "aws/endpoints.h"
#include "aws/request.h"
#include "aws/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dossier::aws;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto kind : {profile_file_kind::config, profile_file_kind::credentials}) {
    profiles all;
    const auto read = add_profiles(all, text, kind);
    if (!read && !read.error().starts_with("line ")) std::abort();
    for (const auto& [name, said] : all.by_name) {
      if (name.empty()) std::abort();
      (void)single_sign_on_of(said, all);
    }
  }
  if (const auto asked = single_sign_on_request({"1", "role", "r", "f"}, "host", text, {})) {
    if (asked->headers.size() != 1 || asked->headers[0].value.empty()) std::abort();
  }
  const auto host = host_of_url(text);
  if (!host.empty() && !text.contains(host)) std::abort();
  if (is_this_machine(host) && host.contains("example")) std::abort();
  (void)split_words(text);
  if (const auto where = parse_endpoint(text, "r")) {
    // An endpoint that was read, then written and read again, is the same.
    const auto again = parse_endpoint(where->scheme + "://" + authority(*where) + where->path, "r");
    if (!again || authority(*again) != authority(*where) || again->path != where->path) std::abort();
  }
  return 0;
}
