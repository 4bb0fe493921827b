// The parts of one upload that are on their way, side by side.
//
// All on one event loop. What was started runs to its end or is cancelled. The line does not wait for it when
// it goes: a part owns what it uses, or uses what outlives all uploads.
#pragma once

#include <memory>
#include <vector>

#include "aws/s3.h"
#include "base/async.h"
#include "base/result.h"

namespace dossier::stores {

class part_line {
 public:
  part_line();
  ~part_line();
  part_line(const part_line&) = delete;
  part_line& operator=(const part_line&) = delete;

  // Starts it on the caller's executor.
  awaitable<void> start(awaitable<base::result<aws::s3::uploaded_part>> part);
  // Until fewer than this many are on their way: 1 means all have ended. An exception of one is thrown on.
  awaitable<void> wait_below(int count);
  // Ends all that go on, and waits for that.
  awaitable<void> cancel();

  // The first error of any.
  const base::error* failure() const;
  // All that arrived, in order of their numbers.
  std::vector<aws::s3::uploaded_part> arrived() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace dossier::stores
