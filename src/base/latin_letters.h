// Latin letters that are not a plain letter with a mark, and how they are written with plain letters only: ø
// as o, æ as ae, þ as th.
#pragma once

#include <string_view>

namespace dossier::base {

// The plain form of a small letter; empty when it has none. The caller must have folded case before.
std::string_view plain_latin(char32_t letter);

}  // namespace dossier::base
