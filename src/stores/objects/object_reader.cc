#include "stores/objects/object_reader.h"

#include <algorithm>
#include <cerrno>
#include <span>

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

std::optional<base::file_region> object_reader::as_file() {
  return base::file_region{file_.get(), offset_, left_};
}

}  // namespace dossier::stores
