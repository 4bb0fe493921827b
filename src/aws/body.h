// The bytes of a request, readable from any place as often as needed: a retry starts again at 0.
//
// The transport's thread reads; it must not wait long (memory, or a local file).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace dossier::aws {

class body {
 public:
  virtual ~body() = default;
  virtual std::uint64_t size() const = 0;
  // Fills as much of `into` as there is from `offset` on; nothing when it cannot be read. From any thread.
  virtual std::optional<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const = 0;
};

using body_ptr = std::shared_ptr<const body>;

body_ptr text_body(std::string text);

// `length` bytes of an open file from `offset`; `owner` keeps the descriptor open.
struct file_stretch {
  int descriptor = -1;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
body_ptr file_body(file_stretch stretch, std::shared_ptr<const void> owner);

}  // namespace dossier::aws
