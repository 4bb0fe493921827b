// Latin letters that are not a plain letter with a mark on it, and how they are written where only plain
// letters are available: ø as o, ß as ss, þ as th.
#pragma once

#include <string_view>

namespace dossier::base {

// Empty when the letter has no plain form. For small letters only: the caller has folded case.
std::string_view plain_latin(char32_t letter);

}  // namespace dossier::base
