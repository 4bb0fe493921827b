#include "stores/sql/mysql_pool.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "base/log.h"

namespace dossier::stores::sql {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto too_many = "The records have too much to do. Try again in a moment.";
constexpr auto only_read = "The records cannot be changed at the moment, only read. Try again in a moment.";
constexpr auto ending = "This server is stopping. Try again in a moment.";
constexpr auto nobody_waits = "Nobody waits for this any more.";

// Signals are for the main thread; writing to a connection that is gone would raise one.
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
  for (auto& one : seats_) threads_.emplace_back([this, &one] { serve(one); });
  usher_ = std::jthread([this] { watch(); });
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
  usher_called_.notify_all();
  for (auto* job : left) {
    answer(*job,
           job->what.attempts == 0 ? unavailable(ending) : std::unexpected(given_up(common_, job->what)));
  }
}

void mysql_pool::submit(mysql_job& job) {
  const char* why = nullptr;
  bool wake_usher = false;
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
      wake_usher = std::exchange(usher_rests_, false) || line_.waits_for_a_time(job, now);
    }
  }
  if (why != nullptr) return answer(job, unavailable(why));
  if (called) called->called.notify_one();
  if (wake_usher) usher_called_.notify_one();
}

void mysql_pool::answer(mysql_job& job, base::result<void> outcome) {
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
  std::unreachable();
}

void mysql_pool::serve(seat& own) {
  block_signals();
  mysql_runner runner(common_);
  while (auto* job = take(runner, own)) {
    run(*job, runner, own);
    runner.tidy();
  }
}

// Nothing when the pool ends.
mysql_job* mysql_pool::take(mysql_runner& runner, seat& own) {
  std::unique_lock lock(mutex_);
  note_connection(own, runner.is_connected());
  mysql_job* job = nullptr;
  // Whoever was called may find that a thread which had just ended its work was faster.
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

// Under the lock; who is answered is to be notified without it. One is called at a time, and calls the next
// when there is more to do: until it has come, those who end their work may have done it all.
mysql_pool::seat* mysql_pool::call_one() {
  if (calling_ || resting_.empty()) return nullptr;
  auto* last = resting_.back();
  if (!line_.has_work(steady_clock::now(), last->connected)) return nullptr;
  resting_.pop_back();
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

// Notes what the attempt told, and answers, or lets it wait for another one.
void mysql_pool::settle(mysql_job& job, const mysql_runner::attempt_end& end, seat& own, bool connected) {
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
    // Where nobody else has a connection it waits for better times; else one who has does it at once.
    const bool elsewhere = end.not_connected && line_.has_connections();
    const auto again_at = elsewhere ? now : now + end.pause;
    const bool again = end.how == outcome::again || (end.how == outcome::failed && elsewhere);
    if (again && line_.is_late(job, again_at)) late = line_.why_late(job);
    waits = again && !late && !stopping_;
    if (waits) line_.add_again(job, again_at);
    called = call_one();
  }
  if (called) called->called.notify_one();
  // He looks when there is something new to look for.
  if (waits || end.read_only) usher_called_.notify_one();
  if (waits) return;
  if (job.thrown || end.how == outcome::done) return answer(job, {});
  if (late) return refuse(job, *late);
  answer(job, std::unexpected(given_up(common_, job.what)));
}

// Refuses who has waited too long, and sees to it that somebody comes for who may go now.
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
      usher_called_.wait_until(lock, *next);
    } else if (!usher_rests_) {
      // Nobody who comes now is late before that, and so he is not woken by each one who comes into an empty
      // line.
      usher_called_.wait_for(lock, std::min(common_.options.wait_limit, common_.options.read_only_limit));
      usher_rests_ = line_.size() == 0;
    } else {
      usher_called_.wait(lock, [this] { return stopping_ || !usher_rests_; });
    }
  }
}

}  // namespace dossier::stores::sql
