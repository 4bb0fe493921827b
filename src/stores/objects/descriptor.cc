#include "stores/objects/descriptor.h"

#include <cerrno>
#include <system_error>

#include <unistd.h>

#include "base/log.h"

namespace dossier::stores {

descriptor::~descriptor() {
  if (number_ >= 0) ::close(number_);
}

base::error system_error(int number, std::string_view doing) {
  base::log_error("file system failed",
                  {{"doing", doing}, {"detail", std::generic_category().message(number)}, {"errno", number}});
  switch (number) {
    case ENOSPC:
    case EDQUOT:
      return {base::error_code::no_space, "The disk is full. Free some space, then try again."};
    case EFBIG:
      return {base::error_code::no_space, "The file is larger than the disk's file system can hold."};
    case EACCES:
    case EPERM:
    case EROFS:
      return {base::error_code::unavailable, "The files' folder may not be written. The log says which."};
    default:
      return {base::error_code::unavailable, "The files cannot be read or written. The log says why."};
  }
}

}  // namespace dossier::stores
