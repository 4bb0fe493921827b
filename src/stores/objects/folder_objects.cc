#include "stores/objects/folder_objects.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <span>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/byte_source.h"
#include "base/expects.h"
#include "stores/objects/piece.h"

namespace dossier::stores {
namespace {

constexpr std::size_t buffer_size = 128 * 1024;

// Like pread(). With the flag RWF_NOWAIT it does not wait for the disk. An error is returned as -errno.
ssize_t read_at(int file, std::span<std::byte> into, std::uint64_t offset, int flags) {
  iovec part{into.data(), into.size()};
  while (true) {
    const auto got = ::preadv2(file, &part, 1, static_cast<off_t>(offset), flags);
    if (got >= 0) return got;
    if (errno != EINTR) return -errno;
  }
}

// Whether the kernel has the whole region in memory. Also true when that cannot be found out.
bool is_in_memory(const base::file_region& stretch) {
  static const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = stretch.offset / page * page;
  const auto length = stretch.offset + stretch.length - begin;
  void* at = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, stretch.descriptor, static_cast<off_t>(begin));
  if (at == MAP_FAILED) return true;
  std::vector<unsigned char> pages((length + page - 1) / page);
  const bool known = ::mincore(at, length, pages.data()) == 0;
  ::munmap(at, length);
  return !known || std::ranges::all_of(pages, [](unsigned char one) { return (one & 1) != 0; });
}

// Waits until the region is read from the disk, and lets the kernel start to read the bytes after it. Errors
// are ignored here: the sender of the region gets them again.
void read_into_memory(base::file_region stretch) {
  ::readahead(stretch.descriptor, static_cast<off64_t>(stretch.offset), stretch.length * 2);
  std::vector<std::byte> away(buffer_size);
  while (stretch.length > 0) {
    const auto part = std::span(away).first(std::min<std::uint64_t>(stretch.length, away.size()));
    const auto got = read_at(stretch.descriptor, part, stretch.offset, 0);
    if (got <= 0) return;
    stretch.offset += static_cast<std::uint64_t>(got);
    stretch.length -= static_cast<std::uint64_t>(got);
  }
}

}  // namespace

object_reader::object_reader(base::blocking_pool& pool, descriptor file, std::uint64_t offset,
                             std::uint64_t length)
    : pool_(pool), file_(std::move(file)), offset_(offset), left_(length) {
  base::expects(static_cast<bool>(file_), "an object is open while it is read");
}

awaitable<base::result<base::byte_view>> object_reader::next() {
  if (left_ == 0) co_return base::byte_view();
  if (!buffer_)
    buffer_ = std::make_unique_for_overwrite<std::byte[]>(std::min<std::uint64_t>(left_, buffer_size));
  const std::span into(buffer_.get(), std::min<std::uint64_t>(left_, buffer_size));
  auto got = read_at(file_.get(), into, offset_, RWF_NOWAIT);
  if (got < 0) got = co_await pool_.run([&] { return read_at(file_.get(), into, offset_, 0); });
  if (got < 0) co_return std::unexpected(system_error(static_cast<int>(-got), "read an object"));
  if (got == 0) co_return base::fail(base::error_code::internal, "The file's bytes are not all there.");
  base::expects(static_cast<std::size_t>(got) <= into.size(), "no more is read than there is room for");
  offset_ += static_cast<std::uint64_t>(got);
  left_ -= static_cast<std::uint64_t>(got);
  co_return into.first(static_cast<std::size_t>(got));
}

awaitable<void> object_reader::fetch(base::file_region stretch) {
  if (stretch.length == 0 || is_in_memory(stretch)) co_return;
  co_await pool_.run([&] { read_into_memory(stretch); });
}

std::optional<base::file_region> object_reader::as_file() {
  return base::file_region{file_.get(), offset_, left_};
}

namespace {

using base::byte_view;
using base::result;
using domain::object_entry;
using domain::object_key;

// The bytes of a file of up to this size are gathered, so that storing it takes one job of the pool. The
// bytes of a longer file are written from the source's own buffer.
constexpr std::size_t small_file = 16 * 1024;

}  // namespace

// One object that is being stored. Its calls block. So does its destructor, unless the object is finished.
class folder_objects::upload {
 public:
  upload(object_folder& folder, object_key key) : folder_(folder), key_(std::move(key)) {}
  ~upload() {
    if (draft_ && !finished_) folder_.give_up(*draft_);
  }
  upload(const upload&) = delete;
  upload& operator=(const upload&) = delete;

  result<void> write(byte_view first, byte_view then) {
    if (!draft_) {
      auto started = folder_.start(key_);
      if (!started) return base::pass(started);
      draft_ = std::move(*started);
    }
    if (auto written = folder_.append(*draft_, first); !written) return written;
    return folder_.append(*draft_, then);
  }
  result<void> write_last(byte_view bytes) {
    auto written = write(bytes, {});
    if (!written) return written;
    auto done = folder_.finish(*draft_);
    finished_ = done.has_value();
    return done;
  }

 private:
  object_folder& folder_;
  object_key key_;
  std::optional<object_folder::draft> draft_;
  bool finished_ = false;
};

folder_objects::folder_objects(std::unique_ptr<object_folder> folder, base::blocking_pool& pool,
                               base::call_observer observer)
    : folder_(std::move(folder)), pool_(pool), calls_("objects", std::move(observer)) {
  base::expects(folder_ != nullptr, "a store of objects has its folder");
}

folder_objects::~folder_objects() = default;

awaitable<result<void>> folder_objects::put_all(const object_key& key, base::byte_source& bytes) {
  upload target(*folder_, key);
  piece gathered(small_file);
  while (true) {
    auto view = co_await bytes.next();
    if (!view) co_return base::pass(view);
    if (view->empty()) break;
    if (view->size() <= gathered.room() && base::is_ready(bytes)) {
      gathered.add(*view);
      continue;
    }
    auto written = co_await pool_.run([&] { return target.write(gathered.view(), *view); });
    if (!written) co_return written;
    gathered.give_back();
  }
  co_return co_await pool_.run([&] { return target.write_last(gathered.view()); });
}

awaitable<result<void>> folder_objects::put(object_key key, base::byte_source& bytes) {
  co_return co_await calls_.run_pulling("put", bytes,
                                        [&](base::byte_source& source) { return put_all(key, source); });
}

awaitable<result<std::unique_ptr<base::byte_source>>> folder_objects::open_range(const object_key& key,
                                                                                 std::uint64_t offset,
                                                                                 std::uint64_t length) {
  auto opened = folder_->open_cached(key);
  if (!opened) opened = co_await pool_.run([&] { return folder_->open(key); });
  if (!*opened) co_return base::pass(*opened);
  auto& file = **opened;
  struct ::stat found = {};
  if (::fstat(file.get(), &found) != 0) co_return std::unexpected(system_error(errno, "look at an object"));
  const auto size = static_cast<std::uint64_t>(found.st_size);
  if (offset > size || length > size - offset) {
    co_return base::fail(base::error_code::internal, "The file's bytes are not all there.");
  }
  co_return std::make_unique<object_reader>(pool_, std::move(file), offset, length);
}

// Opening an object that is missing counts as a failure: the file's row says that it exists.
awaitable<result<std::unique_ptr<base::byte_source>>> folder_objects::open(object_key key,
                                                                           std::uint64_t offset,
                                                                           std::uint64_t length) {
  co_return co_await calls_.run("open", open_range(key, offset, length));
}

awaitable<result<std::optional<std::string>>> folder_objects::link(object_key, domain::link_headers) {
  co_return std::nullopt;
}

awaitable<result<void>> folder_objects::erase(object_key key) {
  co_return co_await calls_.run("erase", pool_.run([&] { return folder_->erase(key); }));
}

awaitable<result<std::optional<std::uint64_t>>> folder_objects::stat(object_key key) {
  co_return co_await calls_.run("stat", pool_.run([&] { return folder_->stat(key); }));
}

awaitable<result<std::vector<object_entry>>> folder_objects::list(object_key after, int limit) {
  const auto most = static_cast<std::size_t>(std::max(limit, 1));
  co_return co_await calls_.run("list", pool_.run([&] { return folder_->list(after, most); }));
}

awaitable<result<domain::object_remains>> folder_objects::remains(int limit) {
  const auto most = static_cast<std::size_t>(std::max(limit, 1));
  co_return co_await calls_.run("remains", pool_.run([&] { return folder_->remains(most); }));
}

awaitable<result<std::optional<domain::records_identity>>> folder_objects::owner() {
  co_return co_await calls_.run("owner", pool_.run([&] { return folder_->owner(); }));
}

awaitable<result<domain::records_identity>> folder_objects::claim(domain::records_identity who) {
  co_return co_await calls_.run("claim", pool_.run([&] { return folder_->claim(who); }));
}

awaitable<result<void>> folder_objects::give(domain::records_identity who) {
  co_return co_await calls_.run("give", pool_.run([&] { return folder_->give(who); }));
}

awaitable<result<void>> folder_objects::check() {
  co_return co_await calls_.run("check", pool_.run([&] { return folder_->check(); }));
}

}  // namespace dossier::stores
