// Gathers small views of bytes into one larger piece of bounded size. Its memory grows from a small start,
// because most files are small.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "base/byte_source.h"
#include "base/expects.h"
#include "base/upload_memory.h"

namespace dossier::stores {

class piece {
 public:
  explicit piece(std::size_t size) : limit_(size) { base::expects(size > 0, "a piece has room for a byte"); }

  // Adds as many of the bytes as fit, and answers how many.
  std::size_t add(base::byte_view bytes) {
    base::expects(bytes_.size() <= limit_, "a piece stays within its size");
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

  // Empties the piece and frees its memory.
  void give_back() { base::release_memory(bytes_); }
  std::string take() { return std::move(bytes_); }

 private:
  static constexpr std::size_t first_size = 4 * 1024;

  std::size_t limit_;
  std::string bytes_;
};

// Takes the bytes of a source in pieces. What is left of the source's last view is kept for the next piece.
class pulled_bytes {
 public:
  explicit pulled_bytes(base::byte_source& bytes) : bytes_(bytes) {}

  // Waits for bytes. False: the source has ended.
  awaitable<base::result<bool>> more() {
    if (left_.empty() && !ended_) {
      auto view = co_await bytes_.next();
      if (!view) co_return base::pass(view);
      left_ = *view;
      ended_ = left_.empty();
    }
    co_return !ended_;
  }
  // Whether more() answers without waiting for the sender.
  bool ready() const { return !left_.empty() || ended_ || base::is_ready(bytes_); }
  // The bytes that more() has found.
  base::byte_view view() const { return left_; }
  void take(std::size_t count) {
    base::expects(count <= left_.size(), "no more is taken than there is");
    left_ = left_.subspan(count);
  }
  // Fills the piece until it is full, the source ends, or the source would wait for its sender.
  awaitable<base::result<void>> fill(piece& into) {
    while (!into.full()) {
      if (left_.empty() && !into.empty() && !base::is_ready(bytes_)) break;
      const auto any = co_await more();
      if (!any) co_return std::unexpected(any.error());
      if (!*any) break;
      left_ = left_.subspan(into.add(left_));
    }
    co_return base::result<void>();
  }

 private:
  base::byte_source& bytes_;
  base::byte_view left_;
  bool ended_ = false;
};

}  // namespace dossier::stores
