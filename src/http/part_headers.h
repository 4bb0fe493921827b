// Reads the headers of one part of a form (RFC 7578, section 4). Pure functions. The headers come from the
// client and may be hostile.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/multipart.h"

namespace dossier::http {

// Reads header lines, each with its CR LF, without the empty line at the end. Error: malformed, for a part
// that is not form-data with a name, a header that comes twice, a control character, or an encoding of the
// content.
base::result<part> parse_part_headers(std::string_view lines);

// "form-data; name=\"a\"; filename=\"b.png\"": the word before the first semicolon, then the parameters. The
// word and the names are in lower case. Empty when the syntax is wrong or a parameter comes twice.
struct header_parameters {
  std::string word;
  std::vector<std::pair<std::string, std::string>> parameters;

  const std::string* find(std::string_view name) const;
};
std::optional<header_parameters> parse_header_parameters(std::string_view value);

}  // namespace dossier::http
