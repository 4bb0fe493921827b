#include "app/open_to_others.h"

#include <sys/stat.h>

#include <string>

#include <fmt/format.h>

#include "base/log.h"

namespace dossier::app {
namespace {

void warn_of(std::string_view what, const std::string& path, std::string_view mode) {
  struct ::stat found = {};
  if (path.empty() || ::stat(path.c_str(), &found) != 0 || (found.st_mode & 077) == 0) return;
  base::log_warning(fmt::format("{} is open to other users of this machine", what),
                    {{"path", path},
                     {"mode", fmt::format("{:04o}", found.st_mode & 07777)},
                     {"to_do", fmt::format("chmod {} {}", mode, path)}});
}

}  // namespace

void warn_of_what_is_open(const settings& chosen) {
  warn_of("the data folder", chosen.data, "700");
  warn_of("the certificate's key", chosen.server.key_file, "600");
}

}  // namespace dossier::app
