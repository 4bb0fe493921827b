// Gathers what arrives in small views into one larger piece of bounded size. Starts small: most files are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "base/byte_source.h"
#include "base/release_memory.h"

namespace dossier::stores {

class piece {
 public:
  explicit piece(std::size_t size) : limit_(size) {}

  // How much of the bytes fitted.
  std::size_t add(base::byte_view bytes) {
    const auto fits = std::min(bytes.size(), limit_ - bytes_.size());
    if (bytes_.size() + fits > bytes_.capacity()) {
      bytes_.reserve(std::min(std::max({bytes_.size() + fits, 2 * bytes_.capacity(), first_size}), limit_));
    }
    bytes_.append(reinterpret_cast<const char*>(bytes.data()), fits);
    return fits;
  }
  std::size_t room() const { return limit_ - bytes_.size(); }
  bool full() const { return bytes_.size() >= limit_; }
  bool empty() const { return bytes_.empty(); }
  base::byte_view view() const { return std::as_bytes(std::span(bytes_)); }

  // Without the memory.
  void give_back() { base::release_memory(bytes_); }
  std::string take() { return std::move(bytes_); }

 private:
  static constexpr std::size_t first_size = 4 * 1024;

  std::size_t limit_;
  std::string bytes_;
};

}  // namespace dossier::stores
