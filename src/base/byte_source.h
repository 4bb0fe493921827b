// A stream of bytes that its reader pulls: a request's body, a part of a form, a stored object.
//
// Pulling is the back-pressure: a slow reader slows the sender down. No source holds more than one
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

// A part of an open file, for a caller that can send it without copying (sendfile). The descriptor belongs to
// the source that returned it and stays open as long as that source lives.
struct file_region {
  int descriptor;
  std::uint64_t offset;
  std::uint64_t length;
};

class byte_source {
 public:
  virtual ~byte_source() = default;

  // The next bytes; an empty view at the end. The view is valid until the next call. After an error or the
  // end, do not call again. Errors come from the origin of the bytes: malformed, too_large, timed_out,
  // unavailable.
  virtual awaitable<result<byte_view>> next() = 0;

  // The rest of the stream, if all of it lies in a file. A caller that uses it does not call next().
  virtual std::optional<file_region> as_file() { return std::nullopt; }
};

// What only some byte sources can do. The functions below give a safe answer for all others.

// A source that waits for a sender and can tell whether next() would wait.
class waiting_source {
 public:
  // Whether next() returns without waiting for the sender. A guess: next() may wait all the same.
  virtual bool ready() const = 0;

 protected:
  ~waiting_source() = default;
};

// While a source would wait, its reader holds as little memory as it can: only the sender ends the wait.
inline bool is_ready(const byte_source& which) {
  const auto* waiting = dynamic_cast<const waiting_source*>(&which);
  return waiting == nullptr || waiting->ready();
}

// A source whose file may lie on a disk and not in memory.
class fetching_source {
 public:
  // Called before this part is sent. Returns when its bytes are in memory, as far as that can be arranged, so
  // that the thread that sends them does not wait for the disk.
  virtual awaitable<void> fetch(file_region stretch) = 0;

 protected:
  ~fetching_source() = default;
};

inline awaitable<void> fetch(byte_source& which, file_region stretch) {
  if (auto* fetching = dynamic_cast<fetching_source*>(&which)) co_await fetching->fetch(stretch);
}

}  // namespace dossier::base
