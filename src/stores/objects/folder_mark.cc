#include "stores/objects/folder_mark.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/expects.h"
#include "base/log.h"
#include "stores/objects/descriptor.h"

namespace dossier::stores {
namespace {

using base::result;
using domain::records_identity;
namespace fs = std::filesystem;

std::unexpected<base::error> failed(std::string_view doing) {
  return std::unexpected(system_error(errno, doing));
}

result<void> sync(const fs::path& folder) {
  const descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened || ::fsync(opened.get()) != 0) return failed("sync " + folder.string());
  return {};
}

// Writes and syncs the mark under its own temporary name, because several processes may write one at the same
// time. A temporary file that a crash leaves does no harm.
result<std::string> write_draft(const fs::path& root, const std::string& text) {
  auto name = (root / fmt::format("{}.XXXXXX", mark_name)).string();
  const descriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) return failed("write " + name);
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(file.get()) != 0) {
    auto why = failed("write " + name);
    ::unlink(name.c_str());
    return why;
  }
  return name;
}

}  // namespace

bool is_mark(std::string_view name) {
  return name.starts_with(mark_name);
}

std::string text_of_mark(const records_identity& who) {
  base::expects(domain::is_identity(who.value), "a mark names its records");
  return who.value + "\n";
}

result<records_identity> parse_mark(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r') || text.ends_with(' ')) text.remove_suffix(1);
  if (domain::is_identity(text)) return records_identity{std::string(text)};
  base::log_error("a store's mark cannot be understood", {{"name", mark_name}});
  return base::fail(
      base::error_code::internal,
      fmt::format("The files' mark ({}), which says which records they belong to, cannot be understood. If "
                  "they belong to these records, run `dossier adopt`.",
                  mark_name));
}

result<std::optional<records_identity>> read_mark(const fs::path& root) {
  const auto path = root / mark_name;
  const descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file) {
    if (errno == ENOENT && ::access(root.c_str(), F_OK) == 0) return std::nullopt;
    return failed("read " + path.string());
  }
  std::array<char, 64> text{};
  const auto length = ::read(file.get(), text.data(), text.size());
  if (length < 0) return failed("read " + path.string());
  auto who = parse_mark({text.data(), static_cast<std::size_t>(length)});
  if (!who) return base::pass(who);
  return std::move(*who);
}

result<void> write_mark(const fs::path& root, const records_identity& who, bool replace) {
  const auto path = root / mark_name;
  auto draft = write_draft(root, text_of_mark(who));
  if (!draft) return base::pass(draft);
  // rename() replaces an existing mark, link() does not.
  const bool named = replace ? ::rename(draft->c_str(), path.c_str()) == 0
                             : ::link(draft->c_str(), path.c_str()) == 0 || errno == EEXIST;
  auto written = named ? result<void>() : failed("name " + path.string());
  ::unlink(draft->c_str());
  if (!written) return written;
  return sync(root);
}

}  // namespace dossier::stores
