// Look-ups by number that come while others are under way are asked together: one query for all who wait. For
// a database elsewhere, where finding thirty people costs little more than finding one. Who comes when there
// is a query to spare asks at once, alone.
#pragma once

#include <deque>
#include <mutex>
#include <optional>

#include "base/suspend.h"
#include "domain/values.h"
#include "stores/sql/driver.h"

namespace dossier::stores::sql {

class gathered_look_ups {
 public:
  // At most so many queries at the same time. The driver outlives this; look-ups must have ended before.
  gathered_look_ups(driver& on, int queries) : driver_(on), free_(queries) {}

  // From any thread. Sees all that was committed before the call. not_found, and the driver's errors.
  awaitable<result<domain::person>> find(domain::person_id id);

 private:
  class turn;
  // In its coroutine's frame, which may go as soon as it was resumed.
  struct waiter {
    domain::person_id id;
    std::optional<result<domain::person>> answer = {};
    base::resumption<bool> resume = {};  // true: there is no answer, it is your turn to ask
  };

  awaitable<bool> wait_for_turn(waiter& self);

  driver& driver_;
  std::mutex mutex_;
  int free_;                     // queries that may be begun
  std::deque<waiter*> waiting_;  // in the order they came
};

}  // namespace dossier::stores::sql
