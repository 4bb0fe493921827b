#include "stores/objects/staging.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/expects.h"
#include "base/log.h"
#include "stores/disk_room.h"

namespace dossier::stores {
namespace {

using base::result;
namespace fs = std::filesystem;

// Opens a file without a name. If that fails, the descriptor is not open, and errno says why.
descriptor nameless_file(const fs::path& folder) {
  descriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return file;
  // The file system or the kernel has no files without a name, so this file has a name for a moment.
  auto name = (folder / "dossier-part-XXXXXX").string();
  file = descriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (file) ::unlink(name.c_str());
  return file;
}

}  // namespace

staged_part::staged_part(const fs::path& folder, staging_room::share room)
    : folder_(folder), room_(std::move(room)) {}

staged_part::~staged_part() = default;

result<void> staged_part::open() {
  auto made = std::make_shared<descriptor>(nameless_file(folder_));
  // Another program may have removed the folder when it cleaned up temporary files.
  if (!*made && errno == ENOENT && ::mkdir(folder_.c_str(), 0700) == 0) *made = nameless_file(folder_);
  if (!*made) return std::unexpected(system_error(errno, "stage an upload in " + folder_.string()));
  file_ = std::move(made);
  room_.on_given_up([file = file_] { [[maybe_unused]] const int ignored = ::ftruncate(file->get(), 0); });
  return {};
}

result<void> staged_part::append(base::byte_view bytes) {
  if (!file_) {
    if (auto opened = open(); !opened) return opened;
  }
  if (auto room = check_upload_room(folder_, usual_reserve, bytes.size()); !room) return room;
  hash_.update(bytes);
  while (!bytes.empty()) {
    const auto written = ::write(file_->get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::unexpected(system_error(errno, "stage an upload in " + folder_.string()));
    length_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

bool staged_part::seal() {
  digest_ = hash_.finish();
  return room_.seal();
}

aws::s3::payload staged_part::payload_of(std::shared_ptr<const staged_part> part, bool send_checksum) {
  base::expects(part->file_ != nullptr, "a part that is sent has bytes");
  aws::s3::payload what;
  what.digest = part->digest_;
  what.send_checksum = send_checksum;
  const aws::file_stretch all{.descriptor = part->file_->get(), .offset = 0, .length = part->length_};
  what.bytes = aws::file_body(all, std::move(part));
  return what;
}

result<void> check_staging(const fs::path& folder) {
  if (nameless_file(folder)) {
    struct ::statfs found = {};
    if (::statfs(folder.c_str(), &found) == 0 && found.f_type == TMPFS_MAGIC) {
      base::log_warning("uploads are staged in memory, because their folder is there: name one on a disk",
                        {{"folder", folder.string()}});
    }
    return {};
  }
  const int why = errno;
  return base::fail(base::error_code::invalid,
                    fmt::format("Uploads cannot be staged in {}: {}. Make the folder and let this user write "
                                "to it, or name another one.",
                                folder.string(), std::generic_category().message(why)));
}

}  // namespace dossier::stores
