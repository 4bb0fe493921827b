// Bytes from memory as a byte_source, in views of a chosen size; may fail after some of them.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/byte_source.h"

namespace dossier::fakes {

class memory_source final : public base::byte_source {
 public:
  explicit memory_source(std::string bytes, std::size_t view_size = 16 * 1024)
      : bytes_(std::move(bytes)), view_size_(view_size) {}

  // After this many bytes next() answers the error.
  memory_source& fail_after(std::size_t position, base::error problem) {
    fail_at_ = position;
    problem_ = std::move(problem);
    return *this;
  }

  awaitable<base::result<base::byte_view>> next() override {
    if (problem_ && position_ >= fail_at_) co_return std::unexpected(*problem_);
    const std::size_t end = problem_ ? std::min(fail_at_, bytes_.size()) : bytes_.size();
    const std::size_t length = std::min(view_size_, end - position_);
    // A copy of exactly this length, so that a sanitizer sees a reader that keeps an old view.
    view_.assign(bytes_, position_, length);
    view_.shrink_to_fit();
    position_ += length;
    co_return std::as_bytes(std::span(view_));
  }

 private:
  std::string bytes_;
  std::size_t view_size_;
  std::size_t position_ = 0;
  std::string view_;
  std::size_t fail_at_ = 0;
  std::optional<base::error> problem_;
};

// Reads all that is left of a source; answers the source's error when it fails.
inline awaitable<base::result<std::string>> read_all(base::byte_source& source) {
  std::string all;
  while (true) {
    auto view = co_await source.next();
    if (!view) co_return base::pass(view);
    if (view->empty()) co_return all;
    all.append(reinterpret_cast<const char*>(view->data()), view->size());
  }
}

}  // namespace dossier::fakes
