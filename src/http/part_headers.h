// The headers of one part of a form (RFC 7578, section 4), as pure functions. The client writes them: they
// may be hostile.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/multipart.h"

namespace dossier::http {

// Reads header lines, each with its CR LF, without the empty line. malformed: not form-data with a name, a
// header twice, a control character, or an encoding that we would have to undo.
base::result<part> parse_part_headers(std::string_view lines);

// "form-data; name=\"a\"; filename=\"b.png\"": the word before the first semicolon, then what follows. Names
// are lower case. Nothing when the syntax is wrong or a parameter comes twice.
struct header_parameters {
  std::string word;
  std::vector<std::pair<std::string, std::string>> parameters;

  const std::string* find(std::string_view name) const;
};
std::optional<header_parameters> parse_header_parameters(std::string_view value);

}  // namespace dossier::http
