// Percent-encoding, query strings, application/x-www-form-urlencoded bodies, and the target of a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dossier::http {

struct name_value {
  std::string name;
  std::string value;
};

// Decodes %XX once; with `plus_is_space` a + is a space, as in forms. Empty when an escape is not two
// hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
// Encodes all characters except the unreserved ones (RFC 3986).
std::string percent_encode(std::string_view text);

// The name=value pairs in their order, decoded. Error: malformed, for a bad escape or more than `limit`
// pairs.
base::result<std::vector<name_value>> parse_form(std::string_view text, std::size_t limit = 100);

// The first value of this name; empty when it is absent.
std::optional<std::string_view> find(const std::vector<name_value>& pairs, std::string_view name);

// The target of a request, split, decoded and checked (RFC 9112, section 3.2).
struct split_target {
  std::string path;                      // decoded once and checked
  std::string_view query;                // undecoded
  std::optional<std::string_view> host;  // of an absolute target; replaces the Host header
};

// False when the target is not a path, an http address or the * of OPTIONS, when an escape is not two
// hexadecimal digits, or when the decoded path has control characters, . or .. segments, an encoded slash or
// backslash, or is not UTF-8. Non-ASCII characters may be escaped or not. `out` is overwritten; its path
// keeps its memory, and its views point into `target`.
bool parse_target(std::string_view target, std::string_view method, split_target& out);

// Whether it is a host name, an IPv4 or an [IPv6] address, with or without a port.
bool is_valid_host(std::string_view host);

}  // namespace dossier::http
