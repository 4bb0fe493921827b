#include "base/shared_library.h"

#include <dlfcn.h>

#include <fmt/format.h>

namespace dossier::base {

result<shared_library> shared_library::load(std::string file, std::string package) {
  // RTLD_NOW: a library that is incomplete, or whose own libraries are missing, fails here and not in a call.
  void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* why = ::dlerror();
    return fail(error_code::invalid, fmt::format("{} cannot be loaded ({}). Install Debian's package {}.",
                                                 file, why ? why : "no reason given", package));
  }
  return shared_library(std::move(file), std::move(package), handle);
}

void* shared_library::address_of(const char* name) {
  void* address = ::dlsym(handle_, name);
  if (address == nullptr && missing_.empty()) missing_ = name;
  return address;
}

result<void> shared_library::found_all() const {
  if (missing_.empty()) return {};
  return fail(error_code::invalid,
              fmt::format("{} has no {}: it is a different version. Install Debian's package {}.", file_,
                          missing_, package_));
}

}  // namespace dossier::base
