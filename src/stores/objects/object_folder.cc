#include "stores/objects/object_folder.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/expects.h"
#include "base/log.h"
#include "stores/objects/folder_mark.h"

namespace dossier::stores {
namespace {

using base::fail;
using base::result;
using domain::object_entry;
using domain::object_key;
namespace fs = std::filesystem;

// Each time this many bytes were written, the kernel is told to start writing them to the disk while more
// arrive.
constexpr std::uint64_t write_back_step = 8 << 20;

std::unexpected<base::error> failed(std::string_view doing) {
  return std::unexpected(system_error(errno, doing));
}

std::unexpected<base::error> no_such_object() {
  return fail(base::error_code::not_found, "The file's bytes are not there.");
}

std::unexpected<base::error> not_a_key() {
  return fail(base::error_code::internal, "That is not an object's key.");
}

int number_of(const object_key& key) {
  const auto digit = [](char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
  };
  return digit(key.value[0]) * 16 + digit(key.value[1]);
}

// Whether this is the name of one of the 256 folders.
bool is_prefix(const std::string& name) {
  return name.size() == 2 && is_object_key({name + std::string(30, '0')});
}

}  // namespace

std::string printable(std::string name) {
  std::ranges::replace_if(name, [](char c) { return c < ' ' || c > '~'; }, '?');
  return name;
}

bool is_object_key(const object_key& key) {
  return key.value.size() == 32 && std::ranges::all_of(key.value, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

object_folder::object_folder(fs::path root, std::uint64_t reserve)
    : root_(std::move(root)), reserve_(reserve) {}

bool object_folder::is_absent() const {
  return errno == ENOENT && ::access(root_.c_str(), F_OK) == 0;
}

fs::path object_folder::folder_of(const object_key& key) const {
  return root_ / key.value.substr(0, 2);
}

fs::path object_folder::path_of(const object_key& key) const {
  return folder_of(key) / key.value;
}

fs::path object_folder::hidden_path_of(const object_key& key) const {
  return folder_of(key) / ("." + key.value);
}

result<void> object_folder::prepare() {
  const bool made = ::mkdir(root_.c_str(), 0700) == 0;
  if (!made && errno != EEXIST) return failed("make " + root_.string());
  auto usable = made ? sync_folder(root_.parent_path()) : check();
  struct ::stat found = {};
  if (usable && ::stat(root_.c_str(), &found) == 0) {
    device_ = found.st_dev;
    number_ = found.st_ino;
  }
  return usable;
}

result<void> object_folder::still_there() const {
  struct ::stat found = {};
  const bool same = number_ == 0 || (::stat(root_.c_str(), &found) == 0 && found.st_ino == number_ &&
                                     found.st_dev == device_);
  if (same) {
    if (told_.load(std::memory_order_relaxed) && told_.exchange(false)) {
      base::log_info("the files' folder is back", {{"folder", root_.string()}});
    }
    return {};
  }
  if (!told_.exchange(true)) {
    base::log_error(
        "the files' folder was removed or replaced: nothing can be stored",
        {{"folder", root_.string()},
         {"what_to_do", "put the same folder back, or stop Dossier, see to the folder, and start it"}});
  }
  return fail(
      base::error_code::unavailable,
      "The files' folder was removed or replaced under the running server: nothing can be stored. Its "
      "operator has to put the folder back, or restart the server.");
}

result<void> object_folder::check() const {
  if (auto there = still_there(); !there) return there;
  if (::access(root_.c_str(), R_OK | W_OK | X_OK) != 0) return failed("use " + root_.string());
  return {};
}

result<void> object_folder::make_folder(const object_key& key) {
  auto& made = made_[static_cast<std::size_t>(number_of(key))];
  if (made.load(std::memory_order_acquire)) return {};
  const auto folder = folder_of(key);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return failed("make " + folder.string());
  auto synced = sync_folder(root_);
  if (synced) made.store(true, std::memory_order_release);
  return synced;
}

// Makes a folder again that was made before and has been removed since.
result<void> object_folder::make_again(const object_key& key) {
  made_[static_cast<std::size_t>(number_of(key))].store(false, std::memory_order_release);
  return make_folder(key);
}

descriptor object_folder::open_nameless(const object_key& key) const {
  return descriptor(::open(folder_of(key).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
}

result<object_folder::draft> object_folder::start(const object_key& key) {
  if (!is_object_key(key)) return not_a_key();
  if (auto there = still_there(); !there) return base::pass(there);
  if (auto room = check_upload_room(root_, reserve_, 0); !room) return base::pass(room);
  auto made = make_folder(key);
  if (!made) return base::pass(made);
  if (!nameless_works_) return start_hidden(key);
  auto file = open_nameless(key);
  if (!file && errno == ENOENT) {
    // Somebody has removed the empty folder.
    if (made = make_again(key); !made) return base::pass(made);
    file = open_nameless(key);
  }
  if (file) return draft{.key = key, .file = std::move(file)};
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return failed("start an object");
  nameless_works_ = false;
  return start_hidden(key);
}

result<object_folder::draft> object_folder::start_hidden(const object_key& key) {
  const auto open_hidden = [&] {
    return descriptor(
        ::open(hidden_path_of(key).c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600));
  };
  auto file = open_hidden();
  if (!file && errno == ENOENT) {
    if (auto made = make_again(key); !made) return base::pass(made);
    file = open_hidden();
  }
  if (!file) return failed("start an object");
  return draft{.key = key, .file = std::move(file), .hidden_name = true};
}

result<void> object_folder::append(draft& to, std::span<const std::byte> bytes) {
  base::expects(static_cast<bool>(to.file), "an object is open while it is written");
  if (auto room = check_upload_room(root_, reserve_, bytes.size()); !room) return room;
  while (!bytes.empty()) {
    const auto written = ::write(to.file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write an object");
    const auto before = to.size / write_back_step;
    to.size += static_cast<std::uint64_t>(written);
    const auto now = to.size / write_back_step;
    if (now > before) {
      ::sync_file_range(to.file.get(), static_cast<off64_t>(before * write_back_step),
                        static_cast<off64_t>((now - before) * write_back_step), SYNC_FILE_RANGE_WRITE);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

result<void> object_folder::finish(draft& what) {
  base::expects(static_cast<bool>(what.file), "an object that is finished is open");
  if (::fsync(what.file.get()) != 0) return failed("sync an object");
  auto named = give_name(what);
  if (!named) return named;
  what.hidden_name = false;
  auto synced = sync_folder(folder_of(what.key));
  // Checked last, because an acknowledged object must be in the folder where it will be looked for.
  if (synced) synced = still_there();
  if (!synced) ::unlink(path_of(what.key).c_str());
  return synced;
}

result<void> object_folder::give_name(const draft& what) {
  const auto path = path_of(what.key);
  const auto hidden = hidden_path_of(what.key);
  if (!what.hidden_name) {
    const auto self = fmt::format("/proc/self/fd/{}", what.file.get());
    const auto link = [&] {
      return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0;
    };
    if (link()) return {};
    if (errno == ENOENT) {
      if (auto made = make_again(what.key); !made) return made;
      if (link()) return {};
    }
    if (errno != EEXIST) return failed("name an object");
    // An older object has the name. A link cannot replace it, a rename can.
    ::unlink(hidden.c_str());
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, hidden.c_str(), AT_SYMLINK_FOLLOW) != 0) {
      return failed("name an object");
    }
  }
  if (::rename(hidden.c_str(), path.c_str()) != 0) return failed("name an object");
  return {};
}

void object_folder::give_up(draft& what) noexcept {
  if (what.hidden_name) ::unlink(hidden_path_of(what.key).c_str());
}

result<void> object_folder::sync_folder(const fs::path& folder) const {
  const descriptor opened(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened || ::fsync(opened.get()) != 0) return failed("sync " + folder.string());
  return {};
}

result<descriptor> object_folder::open(const object_key& key) const {
  if (!is_object_key(key)) return not_a_key();
  descriptor file(::open(path_of(key).c_str(), O_RDONLY | O_CLOEXEC));
  if (file) return file;
  if (is_absent()) return no_such_object();
  return failed("open an object");
}

std::optional<result<descriptor>> object_folder::open_cached(const object_key& key) const {
  if (!is_object_key(key)) return not_a_key();
  open_how how = {};
  how.flags = O_RDONLY | O_CLOEXEC;
  how.resolve = RESOLVE_CACHED;
  const auto path = path_of(key);
  const auto opened = ::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how);
  if (opened < 0)
    return std::nullopt;  // not in memory, not there, or an older kernel: open() finds out which
  return descriptor(static_cast<int>(opened));
}

result<void> object_folder::erase(const object_key& key) {
  if (!is_object_key(key)) return not_a_key();
  if (auto there = still_there(); !there) return there;
  const auto gone = [](const fs::path& path) {
    return ::unlink(path.c_str()) == 0 || errno == ENOENT;
  };
  if (!gone(hidden_path_of(key)) || !gone(path_of(key))) return failed("erase an object");
  const auto folder = folder_of(key);
  // Synced even when the object was gone already, because the process that erased it may have crashed before
  // its sync. When there is no such folder, there is nothing to sync.
  const bool nothing_to_sync = ::access(folder.c_str(), F_OK) != 0 && is_absent();
  auto synced = nothing_to_sync ? result<void>() : sync_folder(folder);
  // If the root was replaced in the meantime, the file may have been erased in another folder.
  return synced ? still_there() : synced;
}

result<std::optional<std::uint64_t>> object_folder::stat(const object_key& key) const {
  if (!is_object_key(key)) return not_a_key();
  struct ::stat found = {};
  if (::stat(path_of(key).c_str(), &found) == 0) return static_cast<std::uint64_t>(found.st_size);
  if (is_absent()) return std::nullopt;
  return failed("look at an object");
}

result<std::vector<object_entry>> object_folder::list(const object_key& after, std::size_t limit) const {
  if (auto there = check(); !there) return base::pass(there);  // a missing root would look empty
  std::vector<object_entry> entries;
  const int first = after.value.size() < 2 || !is_object_key(after) ? 0 : number_of(after);
  for (int number = first; number < 256 && entries.size() < limit; ++number) {
    auto listed = list_folder(root_ / fmt::format("{:02x}", number), after, limit - entries.size(), entries);
    if (!listed) return base::pass(listed);
  }
  return entries;
}

// Keeps only the first `limit` keys, so that a folder of any size takes a bounded amount of memory.
result<void> object_folder::list_folder(const fs::path& folder, const object_key& after, std::size_t limit,
                                        std::vector<object_entry>& into) const {
  base::expects(limit > 0, "a list has room for an object");
  std::vector<std::string> names;  // a heap with the largest key on top
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    auto name = at->path().filename().string();
    if (!is_object_key({name}) || name <= after.value) continue;
    if (names.size() == limit && name > names.front()) continue;
    names.push_back(std::move(name));
    std::ranges::push_heap(names);
    if (names.size() <= limit) continue;
    std::ranges::pop_heap(names);
    names.pop_back();
  }
  if (problem && problem != std::errc::no_such_file_or_directory) {
    return std::unexpected(system_error(problem.value(), "list " + folder.string()));
  }
  std::ranges::sort_heap(names);
  for (auto& name : names) {
    object_key key{std::move(name)};
    auto size = stat(key);
    if (!size) return base::pass(size);
    if (*size) into.push_back({std::move(key), **size});  // unless it was erased meanwhile
  }
  return {};
}

result<domain::object_remains> object_folder::remains(std::size_t limit) const {
  domain::object_remains found;
  std::error_code problem;
  for (fs::directory_iterator at(root_, problem), end; !problem && at != end; at.increment(problem)) {
    auto name = at->path().filename().string();
    std::error_code ignored;
    if (is_prefix(name) && at->is_directory(ignored)) {
      remains_of_folder(at->path(), limit, found);
    } else if (!is_mark(name) && found.strangers.size() < limit) {
      found.strangers.push_back(printable(std::move(name)));
    }
  }
  if (problem) return std::unexpected(system_error(problem.value(), "list " + root_.string()));
  std::ranges::sort(found.unfinished, {}, &object_key::value);
  std::ranges::sort(found.strangers);
  return found;
}

// Skips a folder that cannot be read: list() reports it.
void object_folder::remains_of_folder(const fs::path& folder, std::size_t limit,
                                      domain::object_remains& into) const {
  const auto prefix = folder.filename().string();
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    auto name = at->path().filename().string();
    const bool hidden = name.starts_with('.');
    object_key key{hidden ? name.substr(1) : name};
    const bool ours = is_object_key(key) && key.value.starts_with(prefix);
    if (ours && !hidden) continue;
    if (ours && into.unfinished.size() < limit) {
      into.unfinished.push_back(std::move(key));
    } else if (!ours && into.strangers.size() < limit) {
      into.strangers.push_back(printable(fmt::format("{}/{}", prefix, name)));
    }
  }
}

result<std::optional<domain::records_identity>> object_folder::owner() const {
  return read_mark(root_);
}

result<domain::records_identity> object_folder::claim(const domain::records_identity& who) const {
  auto there = read_mark(root_);
  if (there && !*there) {
    if (auto written = write_mark(root_, who, false); !written) return base::pass(written);
    there = read_mark(root_);
  }
  if (!there) return base::pass(there);
  if (!*there)
    return fail(base::error_code::unavailable, "The files' folder does not keep what is put there.");
  return std::move(**there);
}

result<void> object_folder::give(const domain::records_identity& who) const {
  return write_mark(root_, who, true);
}

}  // namespace dossier::stores
