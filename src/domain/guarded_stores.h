// Puts a guard in front of the objects and the catalog. Before the first write or erase, the guard makes sure
// that the store belongs to these records (belonging.h), also if the store could not be reached at the start.
// After that, each call only reads a flag.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/expects.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"

namespace dossier::domain {

// Remembers that the check succeeded; until then, every call checks again.
class belonging_guard {
 public:
  explicit belonging_guard(std::function<awaitable<result<void>>()> ask) : ask_(std::move(ask)) {
    base::expects(static_cast<bool>(ask_), "a guard has somebody to ask");
  }
  // Checks now. conflict: the store belongs to other records; the message is for the operator.
  awaitable<result<void>> confirm();
  // The same for requests: returns unavailable instead of conflict, and logs once what to do.
  awaitable<result<void>> pass();
  bool passed() const { return passed_.load(std::memory_order_acquire); }

 private:
  std::function<awaitable<result<void>>()> ask_;
  std::atomic<bool> passed_ = false;
  std::atomic<bool> told_ = false;
};

// Checks now; the errors are those of check_objects() and check_catalog().
using confirmation = std::function<awaitable<result<void>>()>;

template <class Store>
struct guarded {
  std::unique_ptr<Store> store;
  confirmation confirm;  // must not be called after the store was destroyed
};

// `people` must outlive the returned store.
guarded<object_store> guard_objects(std::unique_ptr<object_store> objects, records& people);
guarded<catalog> guard_catalog(std::unique_ptr<catalog> items, records& people);

}  // namespace dossier::domain
