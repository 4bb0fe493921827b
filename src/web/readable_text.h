// What clients sent, made fit to show again: in an error, beside the field.
#pragma once

#include <string>
#include <string_view>

namespace dossier::web {

// The text as UTF-8: each byte that is not part of a character becomes U+FFFD.
std::string readable_text(std::string_view text);

// A file's name without the invisible characters that turn the direction of what follows, "file" when nothing
// is left: with them "photo\u202egnp.exe" reads as "photoexe.png". Stored, and in the API, names stay as they
// were.
std::string plain_file_name(std::string_view name);

}  // namespace dossier::web
