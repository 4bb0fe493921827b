// Runs transactions on a database. A transaction is a function over a connection that answers a result:
//
//   auto who = co_await driver.read("find_person", [id](connection& c) -> result<person> { … });
//
// A read sees one state of the database; a write that answers without an error was done completely and
// durably. When the function answers an error, or the database fails, the transaction is rolled back. The
// function may be run more than once, so it must change nothing except the database and its answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/async.h"
#include "base/caller.h"
#include "base/expects.h"
#include "base/observer.h"
#include "base/result.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

using base::result;

// The answer to a read in turn that takes more time than allowed. Another try would take as much.
inline base::error too_costly() {
  return {base::error_code::invalid,
          "This asks for more than can be looked through. Ask for less: add a word, write words in full, or "
          "add a filter.",
          {{"q", "Add a word, write words in full, or add a filter"}}};
}

// The row that a write has to wait for when another write has locked it. Writes for the same row are run one
// after the other, as the database would run them anyway. So they hold one connection and not all of them.
struct contended_row {
  std::uint64_t number = 0;  // 0: none

  static contended_row person(std::int64_t id) { return {static_cast<std::uint64_t>(id) * 2}; }
  static contended_row file(std::int64_t id) { return {static_cast<std::uint64_t>(id) * 2 + 1}; }
};

// A write that adds may be refused while a disk is nearly full, so that the room that is left is kept for
// writes that settle something (delete, confirm, clean up).
enum class purpose { settle, add };

// Describes a write to the driver.
struct writing {
  // NOLINTNEXTLINE(google-explicit-constructor): most writes say no more than their name
  writing(const char* name, contended_row waits_for = {}, purpose what_for = purpose::settle)
      : operation(name), row(waits_for), why(what_for) {
    base::expects(name != nullptr, "a write has a name");
  }

  const char* operation;
  contended_row row;
  purpose why;
};

class driver {
 public:
  // The observer is called for each transaction, with this name of the store.
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
    base::expects(answer.has_value(), "a transaction that was run has an answer");
    co_return std::move(*answer);
  }

  // A read that may take long. It never blocks the caller's event loop and takes turns with the reads of
  // other callers. It is stopped when the caller leaves, and answers `invalid` when it takes more time than
  // allowed.
  template <class Function>
  awaitable<std::invoke_result_t<Function&, connection&>> read_in_turn(const char* operation,
                                                                       base::caller who, Function function) {
    std::optional<std::invoke_result_t<Function&, connection&>> answer;
    work what = [&](connection& on) {
      return answer.emplace(function(on)).has_value();
    };
    const auto start = std::chrono::steady_clock::now();
    auto ran = co_await run_read_in_turn(operation, what, std::move(who));
    observe(operation, start, ran.has_value());
    if (!ran) co_return base::pass(ran);
    base::expects(answer.has_value(), "a transaction that was run has an answer");
    co_return std::move(*answer);
  }

  template <class Function>
  awaitable<std::invoke_result_t<Function&, connection&>> write(writing how, Function function) {
    std::optional<std::invoke_result_t<Function&, connection&>> answer;
    work what = [&](connection& on) {
      return answer.emplace(function(on)).has_value();
    };
    const auto start = std::chrono::steady_clock::now();
    auto ran = co_await run_write(how, what);
    observe(how.operation, start, ran.has_value());
    if (!ran) co_return base::pass(ran);
    base::expects(answer.has_value(), "a transaction that was run has an answer");
    co_return std::move(*answer);
  }

  // An error if the database's files are no longer in their place or there is no room to write; for /healthz.
  virtual result<void> look() { return {}; }

 protected:
  // True: the transaction is to be committed; false: it is to be rolled back.
  using work = std::move_only_function<bool(connection&)>;

  // Their errors are the database's: unavailable, no_space, internal.
  virtual awaitable<result<void>> run_read(const char* operation, work& what) = 0;
  virtual awaitable<result<void>> run_read_in_turn(const char* operation, work& what, base::caller who) = 0;
  virtual awaitable<result<void>> run_write(writing how, work& what) = 0;

  const std::string& store() const { return store_; }

 private:
  void observe(const char* operation, std::chrono::steady_clock::time_point start, bool worked) const {
    if (observer_) observer_(store_, operation, std::chrono::steady_clock::now() - start, worked);
  }

  std::string store_;
  base::call_observer observer_;
};

}  // namespace dossier::stores::sql
