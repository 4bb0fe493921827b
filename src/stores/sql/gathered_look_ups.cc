#include "stores/sql/gathered_look_ups.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/expects.h"
#include "stores/sql/rows.h"

namespace dossier::stores::sql {

using domain::person;
using domain::person_id;

// One query and the look-ups that it answers. However it ends, each of them gets an answer, and the next one
// in line gets its turn.
class gathered_look_ups::turn {
 public:
  turn(gathered_look_ups& line, waiter& own) : line_(line), own_(own), asked_{&own} {
    const std::lock_guard lock(line_.mutex_);
    while (!line_.waiting_.empty() && asked_.size() < most_people_at_once) {
      asked_.push_back(line_.waiting_.front());
      line_.waiting_.pop_front();
    }
  }

  ~turn() {
    for (auto* one : asked_) {
      if (!one->answer)
        one->answer = base::fail(base::error_code::internal, "The look-up broke off. Try again.");
      if (one != &own_) go_on(*one, false);
    }
    hand_over();
  }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

  std::vector<person_id> ids() const {
    std::vector<person_id> all;
    for (const auto* one : asked_) all.push_back(one->id);
    return all;
  }

  void answer(const result<std::vector<person>>& found) {
    if (!found) take_all_who_wait(found.error());
    for (auto* one : asked_) one->answer = found ? pick(*found, one->id) : std::unexpected(found.error());
  }

 private:
  // The waiter's frame may be gone before this returns, so nothing of it may be used after the call.
  static void go_on(waiter& one, bool your_turn) {
    base::expects(one.resume != nullptr, "a look-up that goes on was waiting");
    base::expects(your_turn || one.answer.has_value(), "a look-up goes on with an answer or a turn");
    auto resume = std::move(one.resume);
    resume(your_turn);
  }

  static result<person> pick(const std::vector<person>& from, person_id id) {
    const auto found = std::ranges::find(from, id, &person::id);
    if (found == from.end()) return std::unexpected(no_such_person());
    return *found;
  }

  // If the database cannot be reached, everybody who waits gets this answer now.
  void take_all_who_wait(const base::error& why) {
    if (why.code != base::error_code::unavailable) return;
    const std::lock_guard lock(line_.mutex_);
    asked_.insert(asked_.end(), line_.waiting_.begin(), line_.waiting_.end());
    line_.waiting_.clear();
  }

  void hand_over() {
    waiter* next = nullptr;
    {
      const std::lock_guard lock(line_.mutex_);
      if (line_.waiting_.empty()) {
        ++line_.free_;
        return;
      }
      next = line_.waiting_.front();
      line_.waiting_.pop_front();
    }
    go_on(*next, true);
  }

  gathered_look_ups& line_;
  waiter& own_;
  std::vector<waiter*> asked_;
};

awaitable<bool> gathered_look_ups::wait_for_turn(waiter& self) {
  {
    const std::lock_guard lock(mutex_);
    if (free_ > 0) {
      --free_;
      co_return true;
    }
  }
  // A query may have become free since the first check; then this look-up takes it.
  co_return co_await base::suspend<bool>(
      [&](base::resumption<bool> resume) {
        std::unique_lock lock(mutex_);
        if (free_ > 0) {
          --free_;
          lock.unlock();
          return resume(true);
        }
        self.resume = std::move(resume);
        waiting_.push_back(&self);
      },
      [] {});
}

awaitable<result<person>> gathered_look_ups::find(person_id id) {
  waiter self{.id = id};
  if (co_await wait_for_turn(self)) {
    turn mine(*this, self);
    mine.answer(co_await driver_.read(
        "find_person",
        [ids = mine.ids()](connection& on) -> result<std::vector<person>> { return load_people(on, ids); }));
  }
  base::expects(self.answer.has_value(), "a look-up that ends has an answer");
  co_return std::move(*self.answer);
}

}  // namespace dossier::stores::sql
