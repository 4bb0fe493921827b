// What a request is about: its target split, decoded and checked (RFC 9112, section 3.2). Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dossier::http {

struct split_target {
  std::string path;                      // decoded once and checked
  std::string_view query;                // undecoded
  std::optional<std::string_view> host;  // of an absolute target; it wins over the Host header
};

// False when the target is no path, no http address and not the * of OPTIONS, when an escape is not two
// hexadecimal digits, or the decoded path has control characters, . or .. segments, an encoded slash or is
// not UTF-8. Characters beyond ASCII may come as they are or escaped. `out` is overwritten; its strings keep
// their storage.
bool parse_target(std::string_view target, std::string_view method, split_target& out);

// A host name, IPv4 or [IPv6] address, with port or without.
bool is_valid_host(std::string_view host);

}  // namespace dossier::http
