// The mark of a files' folder: ROOT/dossier-records holds the identity of the records that the files belong
// to. Calls block.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "domain/belonging.h"

namespace dossier::stores {

// The mark's own name, and those that it has while it is written.
inline constexpr std::string_view mark_name = "dossier-records";
bool is_mark(std::string_view name);

// Nothing when there is none; internal: it is there and cannot be understood.
base::result<std::optional<domain::records_identity>> read_mark(const std::filesystem::path& root);
// Durable. Without `replace` one that is there stays, also one that comes at the same time.
base::result<void> write_mark(const std::filesystem::path& root, const domain::records_identity& who,
                              bool replace);

// Of a mark's text: the identity and a line's end.
std::string text_of_mark(const domain::records_identity& who);
base::result<domain::records_identity> parse_mark(std::string_view text);

}  // namespace dossier::stores
