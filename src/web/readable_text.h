// Makes text from clients safe to show again, in an error or beside a field.
#pragma once

#include <string>
#include <string_view>

namespace dossier::web {

// The text as UTF-8: each byte that is not part of a character becomes U+FFFD.
std::string readable_text(std::string_view text);

// A file's name without the invisible characters that change the direction of text; "file" when nothing is
// left. With them, "photo\u202egnp.exe" would be read as "photoexe.png". The stored name, which the API
// shows, keeps them.
std::string plain_file_name(std::string_view name);

}  // namespace dossier::web
