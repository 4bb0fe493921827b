#include "stores/sql/mysql_pool.h"

#include <csignal>
#include <utility>

namespace dossier::stores::sql {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto too_many = "The records have too much to do. Try again in a moment.";
constexpr auto ending = "This server is stopping. Try again in a moment.";

// Signals are for the main thread; writing to a connection that is gone would raise one.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

mysql_pool::mysql_pool(std::string store, mysql_settings options)
    : common_(std::move(store), std::move(options)), seats_(common_.options.connections) {
  for (auto& one : seats_) threads_.emplace_back([this, &one] { serve(one); });
  usher_ = std::jthread([this] { refuse_the_late(); });
}

mysql_pool::~mysql_pool() {
  stop();
  threads_.clear();
}

void mysql_pool::stop() {
  std::deque<mysql_job*> left;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    left.swap(waiting_);
    for (auto* one : std::exchange(resting_, {})) one->is_called = true;
  }
  common_.stop();
  for (auto& one : seats_) one.called.notify_one();
  usher_called_.notify_all();
  for (auto* job : left) refuse(*job, ending);
}

void mysql_pool::submit(mysql_job& job) {
  const char* why = nullptr;
  bool wake_usher = false;
  seat* called = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      why = ending;
    } else if (waiting_.size() >= common_.options.waiting) {
      why = too_many;
    } else {
      job.refuse_at = steady_clock::now() + common_.options.wait_limit;
      wake_usher = std::exchange(usher_rests_, false);
      waiting_.push_back(&job);
      called = call_one();
    }
  }
  if (why) {
    refuse(job, why);
    return;
  }
  if (called) called->called.notify_one();
  if (wake_usher) usher_called_.notify_one();
}

void mysql_pool::refuse(mysql_job& job, const char* why) {
  base::error error{base::error_code::unavailable, why};
  error.retry_after = 2s;
  job.outcome = std::unexpected(std::move(error));
  auto resume = std::move(job.resume);
  resume();
}

void mysql_pool::serve(seat& own) {
  block_signals();
  mysql_runner runner(common_);
  while (auto* job = take(runner, own)) {
    run(*job, runner);
    runner.tidy();
  }
}

// Nothing when the pool ends.
mysql_job* mysql_pool::take(mysql_runner& runner, seat& own) {
  std::unique_lock lock(mutex_);
  // Whoever was called may find that a thread which had just ended its work was faster.
  while (waiting_.empty() && !stopping_) rest(lock, runner, own);
  if (waiting_.empty()) return nullptr;
  auto* job = waiting_.front();
  waiting_.pop_front();
  auto* called = waiting_.empty() ? nullptr : call_one();
  lock.unlock();
  if (called) called->called.notify_one();
  return job;
}

void mysql_pool::rest(std::unique_lock<std::mutex>& lock, mysql_runner& runner, seat& own) {
  const bool connected = runner.is_connected();
  own.is_called = false;
  resting_.insert(connected ? resting_.end() : resting_.begin(), &own);
  if (wait_for_call(lock, own, !connected)) {
    calling_ = false;
    return;
  }
  std::erase(resting_, &own);
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
  resting_.pop_back();
  last->is_called = true;
  calling_ = true;
  return last;
}

void mysql_pool::run(mysql_job& job, mysql_runner& runner) {
  try {
    job.outcome = job.run(runner);
  } catch (...) {
    job.thrown = std::current_exception();
  }
  auto resume = std::move(job.resume);
  resume();
}

// They are in the order they came, and all wait as long: the first in line is the first to be late.
void mysql_pool::refuse_the_late() {
  block_signals();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (waiting_.empty()) {
      usher_rests_ = true;
      usher_called_.wait(lock, [this] { return stopping_ || !usher_rests_; });
      // Nobody is late before that, and so the usher is not woken by each one who comes into an empty line.
      if (!stopping_) usher_called_.wait_for(lock, common_.options.wait_limit);
      continue;
    }
    const auto at = waiting_.front()->refuse_at;
    if (steady_clock::now() < at) {
      usher_called_.wait_until(lock, at);
      continue;
    }
    auto* late = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    refuse(*late, too_many);
    lock.lock();
  }
}

}  // namespace dossier::stores::sql
