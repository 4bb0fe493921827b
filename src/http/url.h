// Percent-encoding, query strings and application/x-www-form-urlencoded bodies.
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

// Decodes %XX once; with `plus_is_space` a + is a space, as in forms. Nothing when an escape is not two
// hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
// Encodes all but unreserved characters (RFC 3986).
std::string percent_encode(std::string_view text);

// The pairs in their order. malformed: a bad escape, or more than `limit` pairs.
base::result<std::vector<name_value>> parse_form(std::string_view text, std::size_t limit = 100);

// The first value of this name; nothing when it is absent.
std::optional<std::string_view> find(const std::vector<name_value>& pairs, std::string_view name);

// What a request is about: its target split, decoded and checked (RFC 9112, section 3.2). Pure functions.
struct split_target {
  std::string path;                      // decoded once and checked
  std::string_view query;                // undecoded
  std::optional<std::string_view> host;  // of an absolute target; it wins over the Host header
};

// False when the target is not a path, an http address or the * of OPTIONS, when an escape is not two
// hexadecimal digits, or when the decoded path has control characters, . or .. segments or an encoded
// slash, or is not UTF-8. Characters beyond ASCII may come as they are or escaped. `out` is overwritten;
// its strings keep their storage.
bool parse_target(std::string_view target, std::string_view method, split_target& out);

// A host name, IPv4 or [IPv6] address, with port or without.
bool is_valid_host(std::string_view host);

}  // namespace dossier::http
