// What comes from a source, taken in pieces: a view of it may be left from before.
#pragma once

#include "base/byte_source.h"
#include "base/source_abilities.h"
#include "stores/objects/piece.h"

namespace dossier::stores {

class feed {
 public:
  explicit feed(base::byte_source& bytes) : bytes_(bytes) {}

  // Whether there is more.
  awaitable<base::result<bool>> more() {
    if (left_.empty() && !ended_) {
      auto view = co_await bytes_.next();
      if (!view) co_return base::pass(view);
      left_ = *view;
      ended_ = left_.empty();
    }
    co_return !ended_;
  }
  // Whether more() answers without waiting for who sends.
  bool ready() const { return !left_.empty() || ended_ || base::is_ready(bytes_); }
  // What more() has found.
  base::byte_view view() const { return left_; }
  void take(std::size_t count) { left_ = left_.subspan(count); }
  // Fills the piece, unless the source ends before, or would wait for its sender.
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
