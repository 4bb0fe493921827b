#include "stores/sql/mysql_driver.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "stores/sql/mysql_error.h"

namespace dossier::stores::sql {
mysql_driver::mysql_driver(std::string name, mysql_settings options, base::call_observer observer)
    : driver(name, std::move(observer)),
      lane_(options.long_reads),
      pool_(std::move(name), std::move(options)) {}

mysql_driver::~mysql_driver() = default;

awaitable<result<void>> mysql_driver::run_read(const char* operation, work& what) {
  co_return co_await run({.operation = operation, .writes = false, .what = &what}, {});
}

awaitable<result<void>> mysql_driver::run_read_in_turn(const char* operation, work& what, base::caller who) {
  auto turn = co_await lane_.enter(std::move(who));
  if (!turn) co_return base::pass(turn);
  // Whoever waits for a connection may have left meanwhile. A statement that runs is not broken off: it has
  // its limit, and the lane is as much of the database as such ones may take.
  bool wanted = true;
  bool costly = false;
  work while_wanted = [&](connection& on) {
    wanted = !turn->is_given_up();
    try {
      return wanted && what(on);
    } catch (const mysql_failure& problem) {
      // Passed on as it is: whoever runs this cleans up after it.
      costly = problem.trouble() == mysql_trouble::too_slow;
      throw;
    }
  };
  auto ran = co_await run_read(operation, while_wanted);
  if (!wanted) co_return std::unexpected(turn->given_up());
  if (!ran && costly) co_return std::unexpected(too_costly());
  co_return ran;
}

awaitable<result<void>> mysql_driver::run_write(writing how, work& what) {
  co_return co_await run({.operation = how.operation, .writes = true, .what = &what}, how.row);
}

awaitable<result<void>> mysql_driver::run(mysql_transaction what, contended_row row) {
  mysql_job job;
  job.what = std::move(what);
  job.row = row;
  const auto start = [this, &job](auto handler) {
    auto executor = asio::get_associated_executor(handler);
    auto guard = asio::make_work_guard(executor);
    job.resume = [executor, guard = std::move(guard), handler = std::move(handler)]() mutable {
      // The guard stays until post() has returned: without it the waiter's loop could end in the middle of
      // it.
      asio::post(executor, [handler = std::move(handler)]() mutable { std::move(handler)(); });
    };
    pool_.submit(job);
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
  if (job.thrown) std::rethrow_exception(job.thrown);
  co_return std::move(job.outcome);
}

}  // namespace dossier::stores::sql
