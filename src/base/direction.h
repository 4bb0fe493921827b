// Text that people typed, among text that is ours: signs and letters that run from right to left may turn
// what they stand in, and nothing around it.
#pragma once

#include <string>
#include <string_view>

namespace dossier::base {

// For an element that isolates (<bdi>): the text, but it neither ends the isolation nor leaves one open. Only
// text that tries to is changed. The text is valid UTF-8.
std::string contained(std::string_view text);

// Where no element can stand, as in a title: contained, between signs that isolate it if it needs that.
std::string isolated(std::string_view text);

}  // namespace dossier::base
