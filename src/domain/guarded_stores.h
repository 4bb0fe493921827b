// Objects and catalog behind a guard: before the first byte is written or erased it is made sure that they
// belong to these records (belonging.h). A store that was away at the start is asked then. Once it is known,
// a call costs one look at a flag.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"

namespace dossier::domain {

// Remembers a yes, and asks again after anything else.
class belonging_guard {
 public:
  explicit belonging_guard(std::function<awaitable<result<void>>()> ask) : ask_(std::move(ask)) {}
  // conflict: it belongs to others; the message is for whoever runs this.
  awaitable<result<void>> confirm();
  // For a request: unavailable, and the log says once what to do.
  awaitable<result<void>> pass();
  bool passed() const { return passed_.load(std::memory_order_acquire); }

 private:
  std::function<awaitable<result<void>>()> ask_;
  std::atomic<bool> passed_ = false;
  std::atomic<bool> told_ = false;
};

// Asks now; as check_objects() and check_catalog() answer.
using confirmation = std::function<awaitable<result<void>>()>;

template <class Store>
struct guarded {
  std::unique_ptr<Store> store;
  confirmation confirm;  // lives no longer than the store
};

// The records outlive what is answered.
guarded<object_store> guard_objects(std::unique_ptr<object_store> objects, records& people);
guarded<catalog> guard_catalog(std::unique_ptr<catalog> items, records& people);

}  // namespace dossier::domain
