#include "stores/sql/sqlite_driver.h"

#include <algorithm>
#include <array>
#include <atomic>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"

namespace dossier::stores::sql {
namespace {

// The connection that this thread used last, of which driver.
struct last_used {
  std::uint64_t driver = 0;
  sqlite_connection* connection = nullptr;
};
thread_local std::array<last_used, 4> recent;

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

}  // namespace

sqlite_driver::sqlite_driver(std::string name, std::filesystem::path path, const base::clock& clock,
                             base::call_observer observer, sqlite_limits limits)
    : driver(std::move(name), std::move(observer)),
      path_(std::move(path)),
      clock_(clock),
      limits_(limits),
      number_(next_number()) {
  const sqlite_settings settings{.mode = sqlite_settings::access::write,
                                 .page_cache_kib = limits.page_cache_kib};
  writer_ = std::make_unique<sqlite_writer>(
      std::make_unique<sqlite_connection>(path_.string(), clock_, settings), store(), limits.writes_together);
}

sqlite_driver::~sqlite_driver() = default;

awaitable<result<void>> sqlite_driver::run_read(const char*, work& what) {
  auto outcome = read_within(limits_.inline_read, what);
  if (!outcome) co_return co_await run_slow_read(what);
  co_return std::move(*outcome);
}

awaitable<result<void>> sqlite_driver::run_slow_read(work& what) {
  if (slow_reads_.fetch_add(1) >= limits_.slow_reads_waiting) {
    --slow_reads_;
    co_return base::fail(base::error_code::unavailable,
                         "Too many long questions at once. Try again in a moment.");
  }
  auto outcome = co_await slow_reader_.run(
      [&] { return stopping_ ? std::nullopt : read_within(limits_.slow_read, what); });
  --slow_reads_;
  if (outcome) co_return std::move(*outcome);
  if (stopping_) {
    co_return base::fail(base::error_code::unavailable, "This server is stopping. Try again in a moment.");
  }
  base::log_warning("read took too long", {{"store", store()}, {"limit_ms", limits_.slow_read.count()}});
  co_return base::fail(base::error_code::unavailable,
                       "The question took too long to answer. Ask for less, or try again.");
}

std::optional<result<void>> sqlite_driver::read_within(std::chrono::milliseconds limit, work& what) {
  try {
    auto& on = connection_of_this_thread();
    const auto deadline = std::chrono::steady_clock::now() + limit;
    on.stop_at(deadline);
    try {
      on.begin_reading();
      what(on);
      on.commit();  // it changed nothing; a prepared COMMIT costs less than rolling back
    } catch (...) {
      on.roll_back();
      if (std::chrono::steady_clock::now() > deadline) return std::nullopt;
      throw;
    }
    return result<void>();
  } catch (const failure& problem) {
    return failed(problem);
  }
}

sqlite_connection& sqlite_driver::connection_of_this_thread() {
  for (const auto& one : recent) {
    if (one.driver == number_) return *one.connection;
  }
  const std::lock_guard lock(mutex_);
  auto& mine = readers_[std::this_thread::get_id()];
  if (!mine) {
    const sqlite_settings settings{.mode = sqlite_settings::access::read,
                                   .wait_for_lock = limits_.inline_read,
                                   .page_cache_kib = limits_.page_cache_kib};
    mine = std::make_unique<sqlite_connection>(path_.string(), clock_, settings);
  }
  std::rotate(recent.begin(), recent.end() - 1, recent.end());
  recent.front() = {number_, mine.get()};
  return *mine;
}

result<void> sqlite_driver::failed(const failure& problem) const {
  base::log_error("database failed", {{"store", store()}, {"detail", problem.detail()}});
  return std::unexpected(problem.answer());
}

awaitable<result<void>> sqlite_driver::run_write(const char*, work& what) {
  write_job job;
  job.work = &what;
  const auto start = [this, &job](auto handler) {
    auto executor = asio::get_associated_executor(handler);
    auto guard = asio::make_work_guard(executor);
    job.resume = [executor, guard = std::move(guard), handler = std::move(handler)]() mutable {
      // The guard stays until post() has returned: without it the waiter's loop could end in the middle of
      // it.
      asio::post(executor, [handler = std::move(handler)]() mutable { std::move(handler)(); });
    };
    writer_->submit(job);
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
  if (job.thrown) std::rethrow_exception(job.thrown);
  co_return std::move(job.outcome);
}

}  // namespace dossier::stores::sql
