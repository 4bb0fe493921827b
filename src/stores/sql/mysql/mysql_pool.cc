#include "stores/sql/mysql/mysql_pool.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/expects.h"
#include "base/log.h"
#include "stores/sql/mysql/mysql_error.h"

namespace dossier::stores::sql {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto too_many = "The records have too much to do. Try again in a moment.";
constexpr auto only_read = "The records cannot be changed at the moment, only read. Try again in a moment.";
constexpr auto ending = "This server is stopping. Try again in a moment.";
constexpr auto nobody_waits = "Nobody waits for this any more.";

// The main thread handles signals, and a write to a lost connection would raise one here.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

base::result<void> unavailable(const char* why) {
  base::error error{base::error_code::unavailable, why};
  error.retry_after = 2s;
  return std::unexpected(std::move(error));
}

}  // namespace

mysql_pool::mysql_pool(std::string store, mysql_settings options)
    : common_(std::move(store), std::move(options)),
      line_(common_.options),
      seats_(common_.options.connections) {
  base::expects(!seats_.empty(), "a pool has a connection");
  for (auto& one : seats_) threads_.emplace_back([this, &one] { serve(one); });
  watcher_ = std::jthread([this] { watch(); });
}

mysql_pool::~mysql_pool() {
  stop();
  threads_.clear();
}

void mysql_pool::stop() {
  std::vector<mysql_job*> left;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    left = line_.empty();
    for (auto* one : std::exchange(resting_, {})) one->is_called = true;
  }
  for (auto& one : seats_) one.called.notify_one();
  watcher_called_.notify_all();
  for (auto* job : left) {
    answer(*job,
           job->what.attempts == 0 ? unavailable(ending) : std::unexpected(given_up(common_, job->what)));
  }
}

void mysql_pool::submit(mysql_job& job) {
  base::expects(job.what.what != nullptr && job.resume != nullptr, "a job has its work and a waiter");
  const char* why = nullptr;
  bool wake_watcher = false;
  seat* called = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto now = steady_clock::now();
    if (stopping_) {
      why = ending;
    } else if (line_.refuses(job, now)) {
      why = only_read;
    } else if (line_.is_full()) {
      why = too_many;
    } else {
      line_.add(job, now);
      called = call_one();
      wake_watcher = std::exchange(watcher_rests_, false) || line_.waits_for_a_time(job, now);
    }
  }
  if (why != nullptr) return answer(job, unavailable(why));
  if (called) called->called.notify_one();
  if (wake_watcher) watcher_called_.notify_one();
}

void mysql_pool::answer(mysql_job& job, base::result<void> outcome) {
  base::expects(job.resume != nullptr, "a job is answered once");
  job.outcome = std::move(outcome);
  auto resume = std::move(job.resume);
  resume();
}

void mysql_pool::refuse(mysql_job& job, mysql_line::lateness why) {
  switch (why) {
    case mysql_line::lateness::busy:
      return answer(job, unavailable(too_many));
    case mysql_line::lateness::read_only:
      return answer(job, unavailable(only_read));
    case mysql_line::lateness::tried:
      return answer(job, std::unexpected(given_up(common_, job.what)));
  }
  base::not_reached();
}

void mysql_pool::serve(seat& own) {
  block_signals();
  mysql_runner runner(common_);
  while (auto* job = take(runner, own)) {
    run(*job, runner, own);
    runner.tidy();
  }
}

// Null when the pool ends.
mysql_job* mysql_pool::take(mysql_runner& runner, seat& own) {
  std::unique_lock lock(mutex_);
  note_connection(own, runner.is_connected());
  mysql_job* job = nullptr;
  // A thread that was called may find no job, because another thread that had just ended its work was faster.
  while (!stopping_) {
    job = line_.take(steady_clock::now(), own.connected);
    if (job != nullptr) break;
    if (auto* other = call_one()) other->called.notify_one();
    rest(lock, runner, own);
  }
  if (job == nullptr) return nullptr;
  auto* called = call_one();
  lock.unlock();
  if (called) called->called.notify_one();
  return job;
}

void mysql_pool::rest(std::unique_lock<std::mutex>& lock, mysql_runner& runner, seat& own) {
  own.is_called = false;
  resting_.insert(own.connected ? resting_.end() : resting_.begin(), &own);
  if (wait_for_call(lock, own, !own.connected)) {
    calling_ = false;
    return;
  }
  std::erase(resting_, &own);
  note_connection(own, false);
  lock.unlock();
  runner.disconnect();
  lock.lock();
}

bool mysql_pool::wait_for_call(std::unique_lock<std::mutex>& lock, seat& own, bool without_limit) {
  const auto called = [&own] {
    return own.is_called;
  };
  if (!without_limit) return own.called.wait_for(lock, common_.options.idle_limit, called);
  own.called.wait(lock, called);
  return true;
}

// Called under the lock; the caller notifies the returned thread without the lock. One thread is called at a
// time, and it calls the next one if there is more to do, because threads that end their work may have done
// everything before it comes.
mysql_pool::seat* mysql_pool::call_one() {
  if (calling_ || resting_.empty()) return nullptr;
  auto* last = resting_.back();
  if (!line_.has_work(steady_clock::now(), last->connected)) return nullptr;
  resting_.pop_back();
  base::expects(!last->is_called, "a thread that rests is called once");
  last->is_called = true;
  calling_ = true;
  return last;
}

void mysql_pool::note_connection(seat& own, bool connected) {
  own.connected = connected;
  line_.connections(static_cast<int>(std::ranges::count(seats_, true, &seat::connected)));
}

void mysql_pool::note_writing(const mysql_runner::attempt_end& end, mysql_transaction::time now) {
  const bool was_read_only = line_.is_read_only();
  if (end.wrote) line_.took_write();
  if (end.read_only) line_.read_only(now);
  if (was_read_only == line_.is_read_only()) return;
  if (was_read_only) {
    base::log_info("the database takes writes again", {{"store", common_.store}});
  } else {
    base::log_warning("the database takes no writes: it is read only", {{"store", common_.store}});
  }
}

void mysql_pool::run(mysql_job& job, mysql_runner& runner, seat& own) {
  mysql_runner::attempt_end end;
  try {
    if (job.still_wanted && !job.still_wanted()) {
      job.what.problem = {base::error_code::unavailable, nobody_waits};
      end.how = mysql_runner::outcome::failed;
    } else {
      end = runner.attempt(job.what);
    }
  } catch (...) {
    job.thrown = std::current_exception();
  }
  settle(job, end, own, runner.is_connected());
}

// Notes what the attempt found out, and answers the job or lets it wait for another attempt.
void mysql_pool::settle(mysql_job& job, const mysql_runner::attempt_end& end, seat& own, bool connected) {
  base::expects(job.resume != nullptr, "somebody waits for a job that was tried");
  using outcome = mysql_runner::outcome;
  std::optional<mysql_line::lateness> late;
  bool waits = false;
  seat* called = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto now = steady_clock::now();
    line_.done(job);
    if (connected && !own.connected) line_.connection();
    note_connection(own, connected);
    if (end.not_connected) line_.no_connection(now);
    note_writing(end, now);
    // If another thread has a connection, it does the job at once; otherwise the job waits for a while.
    const bool on_another = end.not_connected && line_.has_connections();
    const auto again_at = on_another ? now : now + end.pause;
    const bool again = end.how == outcome::again || (end.how == outcome::failed && on_another);
    if (again && line_.is_late(job, again_at)) late = line_.why_late(job);
    waits = again && !late && !stopping_;
    if (waits) line_.add_again(job, again_at);
    called = call_one();
  }
  if (called) called->called.notify_one();
  // The watcher is woken when there is something new to look for.
  if (waits || end.read_only) watcher_called_.notify_one();
  if (waits) return;
  if (job.thrown || end.how == outcome::done) return answer(job, {});
  if (late) return refuse(job, *late);
  answer(job, std::unexpected(given_up(common_, job.what)));
}

// Refuses jobs that have waited too long, and calls a thread for a job that may go now.
void mysql_pool::watch() {
  block_signals();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto now = steady_clock::now();
    if (const auto late = line_.take_late(now)) {
      lock.unlock();
      refuse(*late->job, late->why);
      lock.lock();
      continue;
    }
    if (auto* called = call_one()) called->called.notify_one();
    if (const auto next = line_.next_event(now)) {
      watcher_called_.wait_until(lock, *next);
    } else if (!watcher_rests_) {
      // No job that comes now is late before this wait ends. So the watcher need not be woken by each job
      // that comes into an empty line.
      watcher_called_.wait_for(lock, std::min(common_.options.wait_limit, common_.options.read_only_limit));
      watcher_rests_ = line_.size() == 0;
    } else {
      watcher_called_.wait(lock, [this] { return stopping_ || !watcher_rests_; });
    }
  }
}

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
  // The client may have left while this waited for a connection. A running statement is not stopped: its time
  // is limited, and the lane limits how many of them run.
  bool wanted = true;
  bool costly = false;
  work while_wanted = [&](connection& on) {
    wanted = !turn->is_given_up();
    try {
      return wanted && what(on);
    } catch (const mysql_failure& problem) {
      // Passed on unchanged: the runner cleans up after it.
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
      // The guard is kept until post() has returned. Without it, the waiter's event loop could end during the
      // call.
      asio::post(executor, [handler = std::move(handler)]() mutable { std::move(handler)(); });
    };
    pool_.submit(job);
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
  if (job.thrown) std::rethrow_exception(job.thrown);
  co_return std::move(job.outcome);
}

}  // namespace dossier::stores::sql
