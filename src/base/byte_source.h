// A stream of bytes that its reader pulls piece by piece: a request's body, a part of a form, a stored
// object.
//
// Bytes are fetched only when the reader asks for them, so a slow reader slows the sender down. No source
// holds more than one buffer of a bounded size, however long the stream is.
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

  // The rest of the stream as a part of a file, if all of it lies in one file. A caller that uses this must
  // not call next().
  virtual std::optional<file_region> as_file() { return std::nullopt; }
};

// Two abilities that only some byte sources have. is_ready() and fetch() below work for all sources.

// A source that waits for a sender and can tell whether next() would wait.
class waiting_source {
 public:
  // Whether next() will probably return without waiting for the sender. It may have to wait all the same.
  virtual bool ready() const = 0;

 protected:
  ~waiting_source() = default;
};

// False when next() would probably wait. Then the reader should hold as little memory as it can, because only
// the sender decides how long the wait takes.
inline bool is_ready(const byte_source& which) {
  const auto* waiting = dynamic_cast<const waiting_source*>(&which);
  return waiting == nullptr || waiting->ready();
}

// A source whose file may have to be read from a disk first.
class fetching_source {
 public:
  // Call it before this part is sent. It returns when the bytes are in memory, as far as that is possible, so
  // that the thread that sends them does not wait for the disk.
  virtual awaitable<void> fetch(file_region stretch) = 0;

 protected:
  ~fetching_source() = default;
};

// Returns at once for sources that are not a fetching_source.
inline awaitable<void> fetch(byte_source& which, file_region stretch) {
  if (auto* fetching = dynamic_cast<fetching_source*>(&which)) co_await fetching->fetch(stretch);
}

}  // namespace dossier::base
