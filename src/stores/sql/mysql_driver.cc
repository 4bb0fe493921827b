#include "stores/sql/mysql_driver.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace dossier::stores::sql {

mysql_driver::mysql_driver(std::string name, mysql_settings options, base::call_observer observer)
    : driver(name, std::move(observer)), pool_(std::move(name), std::move(options)) {}

mysql_driver::~mysql_driver() = default;

awaitable<result<void>> mysql_driver::run_read(const char* operation, work& what) {
  mysql_job job;
  job.run = [operation, &what](mysql_runner& on) {
    return on.read(operation, what);
  };
  co_return co_await run(job);
}

awaitable<result<void>> mysql_driver::run_write(const char* operation, work& what, purpose) {
  mysql_job job;
  job.run = [operation, &what](mysql_runner& on) {
    return on.write(operation, what);
  };
  co_return co_await run(job);
}

awaitable<result<void>> mysql_driver::run(mysql_job& job) {
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
