// The bytes that a session has received and not used yet. The buffer is small while a connection waits, and
// larger while a body arrives.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "base/expects.h"
#include "base/upload_memory.h"

namespace dossier::http {

class input_buffer {
 public:
  static constexpr std::size_t least = 512;  // while waiting for a body: thousands of clients may do so
  static constexpr std::size_t small = 4 * 1024;
  static constexpr std::size_t large = 64 * 1024;

  std::string_view bytes() const { return {data_ + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }
  std::size_t capacity() const { return capacity_; }

  // Consumed bytes stay in memory, and views of them stay valid, until space(), enlarge(), widen() or
  // shrink().
  void consume(std::size_t count) {
    base::expects(count <= size(), "no more is consumed than was received");
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  void clear() { begin_ = end_ = 0; }

  // Room for new bytes after the present ones, at least one byte. The buffer grows when it is full.
  std::span<char> space() {
    if (begin_ > 0) {
      std::memmove(data_, data_ + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == capacity_) use(std::max(first_, capacity_ * 2));
    return {data_ + end_, capacity_ - end_};
  }
  void commit(std::size_t count) {
    base::expects(count <= capacity_ - end_, "what was read fits into the room that was given");
    end_ += count;
  }

  // Makes room to read many bytes that have arrived already. Does nothing when `memory` has no block left.
  void enlarge(base::upload_memory& memory, base::upload_memory::block_size wanted) {
    if (capacity_ >= static_cast<std::size_t>(wanted)) return;
    auto block = memory.take(wanted);
    if (!block) return;
    move_to(block.data(), block.size());
    own_.reset();
    block_ = std::move(block);
  }
  // Makes room to read a few bytes that have arrived already.
  void widen() {
    if (capacity_ < small) use(small);
  }
  // Call it before waiting: a buffer larger than `to` bytes is freed or made smaller, unless the bytes in it
  // need the room.
  void shrink(std::size_t to = small) {
    first_ = to;
    if (capacity_ <= to || size() > to) return;
    if (empty()) {
      own_.reset();
      block_ = {};
      data_ = nullptr;
      capacity_ = 0;
      clear();
    } else {
      use(to);
    }
  }

 private:
  void use(std::size_t capacity) {
    auto other = std::make_unique_for_overwrite<char[]>(capacity);
    move_to(other.get(), capacity);
    own_ = std::move(other);
    block_ = {};
  }
  void move_to(char* data, std::size_t capacity) {
    base::expects(size() <= capacity, "the bytes fit into their new memory");
    if (end_ > begin_) std::memcpy(data, data_ + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    data_ = data;
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> own_;       // the memory is either in this
  base::upload_memory::block block_;  // or in this
  char* data_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t first_ = small;  // how large the buffer becomes when it has no memory yet
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace dossier::http
