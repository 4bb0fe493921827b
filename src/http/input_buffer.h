// The bytes a session has received and not used yet. Small while a connection is idle, larger for bodies.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace dossier::http {

class input_buffer {
 public:
  static constexpr std::size_t small = 4 * 1024;
  static constexpr std::size_t large = 64 * 1024;

  std::string_view bytes() const { return {data_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }
  std::size_t capacity() const { return capacity_; }

  // What was consumed stays in memory until space() is called again: views of it remain valid until then.
  void consume(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  void clear() { begin_ = end_ = 0; }

  // Room for new bytes behind those that are there, at least one; grows when it is full.
  std::span<char> space() {
    if (begin_ > 0) {
      std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == capacity_) resize(std::max(small, capacity_ * 2));
    return {data_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t count) { end_ += count; }

  // Before waiting for much.
  void enlarge() {
    if (capacity_ < large) resize(large);
  }
  // Before waiting long: a large buffer is given back.
  void shrink() {
    if (empty() && capacity_ > small) {
      data_.reset();
      capacity_ = 0;
      clear();
    }
  }

 private:
  void resize(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (end_ > begin_) std::memcpy(larger.get(), data_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    data_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace dossier::http
