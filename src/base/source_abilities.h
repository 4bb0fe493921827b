// What some byte sources can do besides; who asks one that cannot gets an answer that is always right.
#pragma once

#include "base/async.h"
#include "base/byte_source.h"

namespace dossier::base {

// One that waits for a sender, and knows whether it would.
class waiting_source {
 public:
  // Whether next() answers without waiting for whoever sends. A guess: at times next() waits all the same.
  virtual bool ready() const = 0;

 protected:
  ~waiting_source() = default;
};

// While a source would wait, its reader holds as little memory as it can: the wait is the sender's to end.
inline bool is_ready(const byte_source& which) {
  const auto* waiting = dynamic_cast<const waiting_source*>(&which);
  return waiting == nullptr || waiting->ready();
}

// One whose as_file() may lie on a disk.
class fetching_source {
 public:
  // Before this stretch is sent: comes back when its bytes are in memory, as far as one can see to that, so
  // that the thread which sends them does not wait for the disk.
  virtual awaitable<void> fetch(file_region stretch) = 0;

 protected:
  ~fetching_source() = default;
};

inline awaitable<void> fetch(byte_source& which, file_region stretch) {
  if (auto* fetching = dynamic_cast<fetching_source*>(&which)) co_await fetching->fetch(stretch);
}

}  // namespace dossier::base
