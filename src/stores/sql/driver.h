// Runs transactions on a database. A transaction is a function over a connection that answers a result:
//
//   auto who = co_await driver.read("find_person", [id](connection& c) -> result<person> { … });
//
// A read sees one state of the database; a write that answers without error happened wholly and durably. When
// the function answers an error, or the database fails, the transaction is rolled back. The function may be
// run more than once, so its only effects are on the database and its answer.
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

// The answer to a read in turn that takes more than is allowed; another try would, too.
inline base::error too_costly() {
  return {base::error_code::invalid,
          "This asks for more than can be looked through. Ask for less: add a word, write words in full, or "
          "add a filter.",
          {{"q", "Add a word, write words in full, or add a filter"}}};
}

// The row that a write will wait for when another write has locked it. Writes for the same row are run one
// after the other, as they would be in the database, too: so they hold one connection and not all.
struct contended_row {
  std::uint64_t number = 0;  // 0: none

  static contended_row person(std::int64_t id) { return {static_cast<std::uint64_t>(id) * 2}; }
  static contended_row file(std::int64_t id) { return {static_cast<std::uint64_t>(id) * 2 + 1}; }
};

// A write that adds may be refused while a disk is nearly full, so that writes that settle something (delete,
// confirm, clean up) have the room that is left.
enum class purpose { settle, add };

// What a driver is told about a write.
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
    base::expects(answer.has_value(), "a transaction that was run has an answer");
    co_return std::move(*answer);
  }

  // A read that may take long. It never holds the caller's loop, takes turns with the reads of others, is
  // given up when the caller leaves, and answers `invalid` when it takes more than is allowed.
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

  // Whether the database's files are still in their place and there is room to write; for /healthz.
  virtual result<void> look() { return {}; }

 protected:
  // Answers whether the transaction is to be committed.
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
