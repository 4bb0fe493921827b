#include "stores/sql/sqlite/sqlite_driver.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/expects.h"
#include "base/log.h"

namespace dossier::stores::sql {
namespace {

// A connection that this thread used lately, and the number of its driver.
struct last_used {
  std::uint64_t driver = 0;
  sqlite_connection* connection = nullptr;
};
thread_local std::array<last_used, 4> recent;

// Nice values (see setpriority) of the lane's threads, so that an event loop that has something to do goes
// first. A thread keeps the first value that it gets.
constexpr int behind_loops = 5;
constexpr int far_behind_loops = 10;

void yield_to_loops(int by) {
  thread_local bool done = false;
  if (std::exchange(done, true)) return;
  // On Linux this is for this thread only. Where it is not allowed, all threads stay equal.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), by);
}

base::error too_slow() {
  return {base::error_code::unavailable,
          "This server is too busy to answer that. Try again later.",
          {},
          std::chrono::seconds(10)};
}

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
      number_(next_number()),
      reserve_(path_.parent_path() / reserve_name, limits.reserve),
      lane_(limits.lane),
      brief_reader_(limits.lane.places),
      lengthy_reader_(limits.lane.lengthy) {
  base::expects(limits.lane.lengthy > 0 && limits.lane.lengthy <= limits.lane.places,
                "some of the lane's places are for lengthy reads");
  const sqlite_settings settings{.mode = sqlite_settings::access::write,
                                 .page_cache_kib = limits.page_cache_kib};
  auto on = std::make_unique<sqlite_connection>(path_.string(), clock_, settings);
  // The first transaction makes the files beside the database.
  on->begin();
  on->roll_back();
  files_.emplace(path_);
  writer_ =
      std::make_unique<sqlite_writer>(std::move(on), store(), limits.writes_together, *files_, reserve_);
}

sqlite_driver::~sqlite_driver() = default;

void sqlite_driver::end() {
  brief_reader_.wait_until_idle();
  lengthy_reader_.wait_until_idle();
}

awaitable<result<void>> sqlite_driver::run_read(const char* operation, work& what) {
  auto outcome = read_here(what);
  if (!outcome) co_return co_await run_read_in_turn(operation, what, {});
  co_return std::move(*outcome);
}

awaitable<result<void>> sqlite_driver::run_read_in_turn(const char* operation, work& what, base::caller who) {
  auto outcome = co_await run_brief(what, who);
  if (!outcome) co_return co_await run_lengthy(operation, what, who);
  co_return std::move(*outcome);
}

// Empty when the read needs more time.
awaitable<std::optional<result<void>>> sqlite_driver::run_brief(work& what, const base::caller& who) {
  auto turn = co_await lane_.enter(who);
  if (!turn) co_return base::pass(turn);
  auto outcome = co_await brief_reader_.run([&] {
    yield_to_loops(behind_loops);
    read_budget budget({.wall = limits_.brief_read * 25, .processor = limits_.brief_read},
                       [&turn] { return turn->is_given_up(); });
    return read_within(budget, what);
  });
  if (!outcome && turn->is_given_up()) co_return std::unexpected(turn->given_up());
  co_return outcome;
}

awaitable<result<void>> sqlite_driver::run_lengthy(const char* operation, work& what,
                                                   const base::caller& who) {
  auto turn = co_await lane_.enter(who, true);
  if (!turn) co_return base::pass(turn);
  auto ended = read_budget::end::none;
  auto outcome = co_await lengthy_reader_.run([&] {
    yield_to_loops(far_behind_loops);
    read_budget budget({.wall = limits_.slow_read * limits_.patience, .processor = limits_.slow_read},
                       [&turn] { return turn->is_given_up(); });
    auto answer = read_within(budget, what);
    ended = budget.why();
    return answer;
  });
  if (outcome) co_return std::move(*outcome);
  if (ended == read_budget::end::given_up) co_return std::unexpected(turn->given_up());
  const bool too_much = ended == read_budget::end::used_up;
  base::log_warning("read took too long", {{"store", store()},
                                           {"operation", operation},
                                           {"limit_ms", limits_.slow_read.count()},
                                           {"why", too_much ? "it needs more" : "this machine is busy"}});
  co_return std::unexpected(too_much ? too_costly() : too_slow());
}

// Runs the read on the event loop. Empty when it does not end soon or meets a lock; then the lane runs it
// again.
std::optional<result<void>> sqlite_driver::read_here(work& what) {
  read_budget budget({.wall = limits_.inline_read});
  try {
    perform(budget, what, limits_.inline_read);
    return result<void>();
  } catch (const failure& problem) {
    if (budget.is_over() || problem.answer().code == base::error_code::unavailable) return std::nullopt;
    return failed(problem);
  }
}

std::optional<result<void>> sqlite_driver::read_within(read_budget& budget, work& what) {
  try {
    perform(budget, what, limits_.wait_for_lock);
    return result<void>();
  } catch (const failure& problem) {
    if (budget.why() != read_budget::end::none) return std::nullopt;
    return failed(problem);
  }
}

void sqlite_driver::perform(read_budget& budget, work& what, std::chrono::milliseconds wait_for_lock) {
  auto& on = connection_of_this_thread(wait_for_lock);
  base::expects(what != nullptr, "a read has its work");
  on.limit_to(&budget);
  try {
    on.begin_reading();
    what(on);
    on.commit();  // it changed nothing; a prepared COMMIT costs less than rolling back
    on.limit_to(nullptr);
  } catch (...) {
    on.limit_to(nullptr);
    on.roll_back();
    throw;
  }
}

sqlite_connection& sqlite_driver::connection_of_this_thread(std::chrono::milliseconds wait_for_lock) {
  for (const auto& one : recent) {
    if (one.driver == number_) return *one.connection;
  }
  const std::lock_guard lock(mutex_);
  auto& mine = readers_[std::this_thread::get_id()];
  if (!mine) {
    // The path may lead to another database by now, which no thread must read while others read this one.
    if (auto there = files_->still_there(); !there) {
      throw failure(there.error().code, there.error().message, "opening a connection to read");
    }
    const sqlite_settings settings{.mode = sqlite_settings::access::read,
                                   .wait_for_lock = wait_for_lock,
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

result<void> sqlite_driver::look() {
  if (auto there = files_->still_there(); !there) return there;
  return reserve_.check();
}

awaitable<result<void>> sqlite_driver::run_write(writing how, work& what) {
  if (how.why == purpose::add && reserve_.is_low()) {
    co_return base::fail(base::error_code::no_space, "The disk is full. Free some space, then try again.");
  }
  write_job job;
  job.work = &what;
  job.why = how.why;
  const auto start = [this, &job](auto handler) {
    auto executor = asio::get_associated_executor(handler);
    auto guard = asio::make_work_guard(executor);
    job.resume = [executor, guard = std::move(guard), handler = std::move(handler)]() mutable {
      // The guard is kept until post() has returned. Without it, the waiter's event loop could end during the
      // call.
      asio::post(executor, [handler = std::move(handler)]() mutable { std::move(handler)(); });
    };
    writer_->submit(job);
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
  if (job.thrown) std::rethrow_exception(job.thrown);
  co_return std::move(job.outcome);
}

}  // namespace dossier::stores::sql
