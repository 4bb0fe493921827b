// Objects and catalog behind a guard, which makes sure that they belong to these records (belonging.h) before
// the first byte is written or erased. A store that was away at the start is asked at that time. Once the
// answer is known, a call costs one look at a flag.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/expects.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"

namespace dossier::domain {

// Remembers a yes; after any other answer it asks again.
class belonging_guard {
 public:
  explicit belonging_guard(std::function<awaitable<result<void>>()> ask) : ask_(std::move(ask)) {
    base::expects(static_cast<bool>(ask_), "a guard has somebody to ask");
  }
  // conflict: the store belongs to other records; the message is for the operator.
  awaitable<result<void>> confirm();
  // The same for a request: it answers unavailable instead of conflict, and the log says once what to do.
  awaitable<result<void>> pass();
  bool passed() const { return passed_.load(std::memory_order_acquire); }

 private:
  std::function<awaitable<result<void>>()> ask_;
  std::atomic<bool> passed_ = false;
  std::atomic<bool> told_ = false;
};

// Asks now, and answers as check_objects() and check_catalog() do.
using confirmation = std::function<awaitable<result<void>>()>;

template <class Store>
struct guarded {
  std::unique_ptr<Store> store;
  confirmation confirm;  // not to be called once the store is destroyed
};

// The records outlive the store that is answered.
guarded<object_store> guard_objects(std::unique_ptr<object_store> objects, records& people);
guarded<catalog> guard_catalog(std::unique_ptr<catalog> items, records& people);

}  // namespace dossier::domain
