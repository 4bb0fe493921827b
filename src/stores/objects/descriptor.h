// An open file that closes itself, and the errors that the system's error numbers (errno) become.
#pragma once

#include <string_view>
#include <utility>

#include "base/result.h"

namespace dossier::stores {

class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int number) : number_(number) {}
  ~descriptor();
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// The error for an error number: no_space or unavailable. Logs the number and `doing`, which says what was
// tried.
base::error system_error(int number, std::string_view doing);

}  // namespace dossier::stores
