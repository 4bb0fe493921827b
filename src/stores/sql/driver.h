// Runs transactions on a database. A transaction is a function over a connection that answers a result:
//
//   auto who = co_await driver.read("find_person", [id](connection& c) -> result<person> { … });
//
// A read sees one state of the database; a write happened wholly, durably, when it answered without error.
// A function that answers an error is rolled back, and so is one that meets a failing database. It may be run
// more than once, so its only effects are on the database and its answer.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/async.h"
#include "base/observer.h"
#include "base/result.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

using base::result;

// What adds may be refused while a disk is nearly full, so that what settles (deletes, confirms, cleans up)
// has the room that is left.
enum class purpose { settle, add };

class driver {
 public:
  // The observer hears of each transaction under this name of the store.
  driver(std::string store, base::call_observer observer)
      : store_(std::move(store)), observer_(std::move(observer)) {}
  virtual ~driver() = default;
  driver(const driver&) = delete;
  driver& operator=(const driver&) = delete;

  template <class Function>
  awaitable<std::invoke_result_t<Function&, connection&>> read(const char* operation, Function function) {
    std::optional<std::invoke_result_t<Function&, connection&>> answer;
    work what = [&](connection& on) {
      return answer.emplace(function(on)).has_value();
    };
    const auto start = std::chrono::steady_clock::now();
    auto ran = co_await run_read(operation, what);
    observe(operation, start, ran.has_value());
    if (!ran) co_return base::pass(ran);
    co_return std::move(*answer);
  }

  template <class Function>
  awaitable<std::invoke_result_t<Function&, connection&>> write(const char* operation, Function function,
                                                                purpose why = purpose::settle) {
    std::optional<std::invoke_result_t<Function&, connection&>> answer;
    work what = [&](connection& on) {
      return answer.emplace(function(on)).has_value();
    };
    const auto start = std::chrono::steady_clock::now();
    auto ran = co_await run_write(operation, what, why);
    observe(operation, start, ran.has_value());
    if (!ran) co_return base::pass(ran);
    co_return std::move(*answer);
  }

  // Whether what is written is kept where it will be found, and there is room for it; for /healthz.
  virtual result<void> look() { return {}; }

 protected:
  // Answers whether the transaction shall be kept.
  using work = std::move_only_function<bool(connection&)>;

  // An error is one of the database: unavailable, no_space, internal.
  virtual awaitable<result<void>> run_read(const char* operation, work& what) = 0;
  virtual awaitable<result<void>> run_write(const char* operation, work& what, purpose why) = 0;

  const std::string& store() const { return store_; }

 private:
  void observe(const char* operation, std::chrono::steady_clock::time_point start, bool worked) const {
    if (observer_) observer_(store_, operation, std::chrono::steady_clock::now() - start, worked);
  }

  std::string store_;
  base::call_observer observer_;
};

}  // namespace dossier::stores::sql
