// Letters of the Latin script that are not a plain letter with a mark on it, and what they are written as
// where only plain letters are to be had: ø as o, ß as ss, þ as th.
#pragma once

#include <string_view>

namespace dossier::base {

// Empty: it has no plain form. Small letters only, as case folding leaves them.
std::string_view plain_latin(char32_t letter);

}  // namespace dossier::base
