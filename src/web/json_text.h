// JSON written by appending to a string: look-ups answer from here, so nothing is built in between.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dossier::web {

// In quotes, with what must be escaped escaped. Bytes that are not UTF-8 become U+FFFD: the text is always
// JSON.
void append_json_string(std::string& json, std::string_view text);

void append_json_number(std::string& json, std::int64_t number);

}  // namespace dossier::web
