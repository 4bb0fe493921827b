#include "stores/sql/sqlite_writer.h"

#include <utility>

#include "base/log.h"

namespace dossier::stores::sql {
namespace {

// 8 MiB of log: what a start after a crash has to read, and a checkpoint to move.
constexpr int long_log = 2'048;

}  // namespace

sqlite_writer::sqlite_writer(std::unique_ptr<sqlite_connection> on, std::string store, std::size_t together)
    : connection_(std::move(on)), store_(std::move(store)), together_(together), thread_([this] { run(); }) {}

sqlite_writer::~sqlite_writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void sqlite_writer::submit(write_job& job) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = waiting_.empty();
    waiting_.push_back(&job);
  }
  if (first) arrived_.notify_one();
}

sqlite_writer::batch sqlite_writer::take() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  if (waiting_.size() <= together_) return std::exchange(waiting_, {});
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(together_);
  batch first(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  return first;
}

void sqlite_writer::run() {
  for (auto jobs = take(); !jobs.empty(); jobs = take()) {
    run_batch(jobs);
    for (auto* job : jobs) {
      // The job ends with the coroutine that this wakes.
      auto resume = std::move(job->resume);
      resume();
    }
    checkpoint_when_long();
  }
}

void sqlite_writer::run_batch(const batch& jobs) {
  try {
    connection_->begin();
    if (jobs.size() == 1) {
      run_alone(*jobs.front());
    } else {
      run_together(jobs);
    }
  } catch (const failure& problem) {
    connection_->roll_back();
    fail(jobs, problem);
  }
}

void sqlite_writer::run_alone(write_job& job) {
  bool keep = false;
  try {
    keep = (*job.work)(*connection_);
  } catch (const failure&) {
    throw;
  } catch (...) {
    job.thrown = std::current_exception();
  }
  if (keep) {
    commit();
  } else {
    connection_->roll_back();
  }
}

void sqlite_writer::run_together(const batch& jobs) {
  bool any = false;
  for (auto* job : jobs) any |= run_part(*job);
  if (any) {
    commit();
  } else {
    connection_->roll_back();
  }
}

// Answers whether the part is kept. Throws when the whole transaction is lost.
bool sqlite_writer::run_part(write_job& job) {
  connection_->begin_part();
  bool keep = false;
  try {
    keep = (*job.work)(*connection_);
  } catch (const failure& problem) {
    if (!connection_->in_transaction()) throw;
    fail({&job}, problem);
  } catch (...) {
    job.thrown = std::current_exception();
  }
  if (keep) {
    connection_->keep_part();
  } else {
    connection_->undo_part();
  }
  return keep;
}

// Without room its last frame was not written: that is a no. After any other failure, of a sync above all,
// the transaction is undone here, but all of it may stand in the log, and whoever reads that after a crash
// takes it for done.
void sqlite_writer::commit() {
  try {
    connection_->commit();
  } catch (const failure& problem) {
    const auto answer = problem.answer();
    if (answer.code == base::error_code::no_space) throw;
    throw failure(base::error_code::unavailable, answer.message, problem.detail(), true);
  }
}

// After the waiters went on, so that none of them pays for it.
void sqlite_writer::checkpoint_when_long() {
  if (connection_->log_pages() >= long_log) connection_->checkpoint();
}

void sqlite_writer::fail(const batch& jobs, const failure& problem) {
  base::log_error("database failed", {{"store", store_}, {"detail", problem.detail()}});
  for (auto* job : jobs) job->outcome = std::unexpected(problem.answer());
}

}  // namespace dossier::stores::sql
