// A stream of bytes that its reader pulls: a request's body, a part of a form, a stored object.
//
// Pulling is the back-pressure: who reads slowly slows down who sends. No source holds more than one
// buffer of a bounded size, however long the stream is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/async.h"
#include "base/result.h"

namespace dossier::base {

using byte_view = std::span<const std::byte>;

// A stretch of an open file, for those who can send it without copying (sendfile). The descriptor belongs to
// the source that names it and is open as long as the source lives.
struct file_region {
  int descriptor;
  std::uint64_t offset;
  std::uint64_t length;
};

class byte_source {
 public:
  virtual ~byte_source() = default;

  // The next bytes; an empty view at the end. The view is valid until the next call. After an error or the
  // end, do not call again. Errors are those of where the bytes come from: malformed, too_large, timed_out,
  // unavailable.
  virtual awaitable<result<byte_view>> next() = 0;

  // What is left of the stream, when all of it lies in a file. Whoever takes it does not call next().
  virtual std::optional<file_region> as_file() { return std::nullopt; }
};

}  // namespace dossier::base
