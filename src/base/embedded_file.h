// A file that was put into the binary at build time (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace dossier::base {

struct embedded_file {
  std::string_view path;  // relative to the folder that was embedded
  std::string_view bytes;
};

}  // namespace dossier::base
