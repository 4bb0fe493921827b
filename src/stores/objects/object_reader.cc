#include "stores/objects/object_reader.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

namespace dossier::stores {
namespace {

constexpr std::size_t buffer_size = 128 * 1024;

// As pread, but does not wait for the disk when told so. Answers -errno.
ssize_t read_at(int file, std::span<std::byte> into, std::uint64_t offset, int flags) {
  iovec part{into.data(), into.size()};
  while (true) {
    const auto got = ::preadv2(file, &part, 1, static_cast<off_t>(offset), flags);
    if (got >= 0) return got;
    if (errno != EINTR) return -errno;
  }
}

// Whether all of it lies in the kernel's memory; also when that cannot be known.
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

// Waits for the disk; the stretch behind it is on its way meanwhile. An error is told to whoever sends it.
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
    : pool_(pool), file_(std::move(file)), offset_(offset), left_(length) {}

awaitable<base::result<base::byte_view>> object_reader::next() {
  if (left_ == 0) co_return base::byte_view();
  if (!buffer_)
    buffer_ = std::make_unique_for_overwrite<std::byte[]>(std::min<std::uint64_t>(left_, buffer_size));
  const std::span into(buffer_.get(), std::min<std::uint64_t>(left_, buffer_size));
  auto got = read_at(file_.get(), into, offset_, RWF_NOWAIT);
  if (got < 0) got = co_await pool_.run([&] { return read_at(file_.get(), into, offset_, 0); });
  if (got < 0) co_return std::unexpected(system_error(static_cast<int>(-got), "read an object"));
  if (got == 0) co_return base::fail(base::error_code::internal, "The file's bytes are not all there.");
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

}  // namespace dossier::stores
