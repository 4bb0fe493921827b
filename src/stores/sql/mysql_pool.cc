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
    : common_(std::move(store), std::move(options)) {
  for (unsigned i = 0; i < common_.options.connections; ++i) threads_.emplace_back([this] { serve(); });
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
  }
  common_.stop();
  arrived_.notify_all();
  line_changed_.notify_all();
  for (auto* job : left) refuse(*job, ending);
}

void mysql_pool::submit(mysql_job& job) {
  const char* why = nullptr;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      why = ending;
    } else if (waiting_.size() >= common_.options.waiting) {
      why = too_many;
    } else {
      job.refuse_at = steady_clock::now() + common_.options.wait_limit;
      first = waiting_.empty();
      waiting_.push_back(&job);
    }
  }
  if (why) {
    refuse(job, why);
    return;
  }
  arrived_.notify_one();
  if (first) line_changed_.notify_one();
}

void mysql_pool::refuse(mysql_job& job, const char* why) {
  base::error error{base::error_code::unavailable, why};
  error.retry_after = 2s;
  job.outcome = std::unexpected(std::move(error));
  auto resume = std::move(job.resume);
  resume();
}

void mysql_pool::serve() {
  block_signals();
  mysql_runner runner(common_);
  while (auto* job = take(runner)) {
    run(*job, runner);
    runner.tidy();
  }
}

// Nothing when the pool ends.
mysql_job* mysql_pool::take(mysql_runner& runner) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] {
    return stopping_ || !waiting_.empty();
  };
  if (runner.is_connected() && !arrived_.wait_for(lock, common_.options.idle_limit, ready)) {
    lock.unlock();
    runner.disconnect();
    lock.lock();
  }
  arrived_.wait(lock, ready);
  if (waiting_.empty()) return nullptr;
  auto* job = waiting_.front();
  waiting_.pop_front();
  return job;
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
      line_changed_.wait(lock);
      continue;
    }
    const auto at = waiting_.front()->refuse_at;
    if (steady_clock::now() < at) {
      line_changed_.wait_until(lock, at);
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
