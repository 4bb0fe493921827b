// What clients sent, made fit to show again: in an error, beside the field.
#pragma once

#include <string>
#include <string_view>

namespace dossier::web {

// The text as UTF-8: each byte that is not part of a character becomes U+FFFD.
std::string readable_text(std::string_view text);

}  // namespace dossier::web
