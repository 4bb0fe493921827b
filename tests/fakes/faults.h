// Which store operation goes wrong, and how. One plan is shared by the decorators faulty_records,
// faulty_objects and faulty_catalog: together they count the operations 0, 1, 2, …
//
//   fault_plan plan;
//   faulty_records people(real, plan);
//   for (int n = 0; ; ++n) {
//     plan.fail_at(n, fault::before_effect);
//     …                                   // the use case
//     if (!plan.fired()) break;           // it has no n-th operation: done
//     plan.clear();
//     …                                   // recover, assert the invariants
//   }
#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "base/async.h"
#include "base/result.h"

namespace dossier::fakes {

enum class fault {
  none,
  before_effect,  // answers the error; nothing happened
  after_effect,   // it happened, and then the error: a time-out whose effect did happen
  gone,           // as before_effect, and so does every operation after it, until clear(): a killed process
  gone_after,     // as after_effect, and every operation after it fails before its effect
};

class fault_plan {
 public:
  // Counts from 0 again; operation n goes wrong in this way.
  void fail_at(int n, fault kind, base::error_code code = base::error_code::unavailable) {
    const std::lock_guard lock(mutex_);
    at_ = n;
    kind_ = kind;
    code_ = code;
    count_ = 0;
    fired_ = false;
    where_.clear();
  }
  // Nothing goes wrong from here. fired() and where() stay as they are.
  void clear() {
    const std::lock_guard lock(mutex_);
    kind_ = fault::none;
  }

  bool fired() const {
    const std::lock_guard lock(mutex_);
    return fired_;
  }
  // The operation that went wrong, as "records.begin_file"; for a test's trace.
  std::string where() const {
    const std::lock_guard lock(mutex_);
    return where_;
  }
  int count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

  // What happens to the operation that is about to start.
  fault next(const char* operation) {
    const std::lock_guard lock(mutex_);
    const int number = count_++;
    if (kind_ == fault::none || number < at_) return fault::none;
    if (number > at_) {
      return kind_ == fault::gone || kind_ == fault::gone_after ? fault::before_effect : fault::none;
    }
    fired_ = true;
    where_ = operation;
    return kind_ == fault::before_effect || kind_ == fault::gone ? fault::before_effect : fault::after_effect;
  }
  base::error problem() const {
    const std::lock_guard lock(mutex_);
    return {code_, "The store did not answer. Try again."};
  }

 private:
  mutable std::mutex mutex_;
  int at_ = 0;
  fault kind_ = fault::none;
  base::error_code code_ = base::error_code::unavailable;
  int count_ = 0;
  bool fired_ = false;
  std::string where_;
};

// The operation through the plan. A coroutine does nothing before it is awaited, so that one that is dropped
// here has had no effect.
template <class T>
awaitable<base::result<T>> through(fault_plan& plan, const char* operation, awaitable<base::result<T>> work) {
  const fault kind = plan.next(operation);
  if (kind == fault::before_effect) co_return std::unexpected(plan.problem());
  auto answer = co_await std::move(work);
  if (kind == fault::after_effect) {
    auto problem = plan.problem();
    problem.may_have_happened = true;
    co_return std::unexpected(std::move(problem));
  }
  co_return answer;
}

}  // namespace dossier::fakes
