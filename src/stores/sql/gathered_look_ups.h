// Gathers look-ups of people by id: those that come while all queries are busy share the next query. This is
// for a database on another machine, where finding thirty people takes little longer than finding one. A
// look-up that comes while a query is free is sent at once, alone.
#pragma once

#include <deque>
#include <mutex>
#include <optional>

#include "base/expects.h"
#include "base/waiting.h"
#include "domain/values.h"
#include "stores/sql/driver.h"

namespace dossier::stores::sql {

class gathered_look_ups {
 public:
  // At most `queries` queries run at the same time. The driver must outlive this object, and all look-ups
  // must have ended before it is destroyed.
  gathered_look_ups(driver& on, int queries) : driver_(on), free_(queries) {
    base::expects(queries > 0, "there is a query to look people up with");
  }

  // May be called from any thread. Sees everything that was committed before the call. Errors: not_found, and
  // the driver's.
  awaitable<result<domain::person>> find(domain::person_id id);

 private:
  class turn;
  // Lives in its coroutine's frame, which may be gone as soon as the coroutine is resumed.
  struct waiter {
    domain::person_id id;
    std::optional<result<domain::person>> answer = {};
    base::resumption<bool> resume = {};  // true: there is no answer, it is your turn to ask
  };

  awaitable<bool> wait_for_turn(waiter& self);

  driver& driver_;
  std::mutex mutex_;
  int free_;                     // how many more queries may start
  std::deque<waiter*> waiting_;  // in the order they came
};

}  // namespace dossier::stores::sql
