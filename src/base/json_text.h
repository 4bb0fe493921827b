// Writes JSON by appending to a string. Look-ups have to be fast, so no JSON value is built in between.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dossier::base {

// In quotes, escaped as JSON needs it, and DEL too, which terminals act on. Bytes that are not UTF-8 become
// U+FFFD, so that the result is always valid JSON.
void append_json_string(std::string& json, std::string_view text);

void append_json_number(std::string& json, std::int64_t number);

}  // namespace dossier::base
