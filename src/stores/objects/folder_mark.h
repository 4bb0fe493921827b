// The mark of the folder of files: ROOT/dossier-records holds the identity of the records that the files
// belong to. Calls block.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "domain/belonging.h"

namespace dossier::stores {

// The mark's name. While the mark is written, it has a temporary name that begins with this one; is_mark() is
// true for both.
inline constexpr std::string_view mark_name = "dossier-records";
bool is_mark(std::string_view name);

// Empty when there is no mark. internal: the mark cannot be understood.
base::result<std::optional<domain::records_identity>> read_mark(const std::filesystem::path& root);
// The mark is durable afterwards. Without `replace` an existing mark stays, even one that another process
// writes at the same time.
base::result<void> write_mark(const std::filesystem::path& root, const domain::records_identity& who,
                              bool replace);

// A mark's text: the identity and a line break.
std::string text_of_mark(const domain::records_identity& who);
base::result<domain::records_identity> parse_mark(std::string_view text);

}  // namespace dossier::stores
