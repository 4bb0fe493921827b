#include "stores/sql/sqlite/sqlite_writer.h"

#include <algorithm>
#include <utility>

#include "base/expects.h"
#include "base/log.h"

namespace dossier::stores::sql {
namespace {

// From this many pages (8 MiB) on, the log is checkpointed. A start after a crash has to read them, and a
// checkpoint has to move them.
constexpr int long_log = 2'048;
// The same while the disk is nearly full, because the log takes room that the database needs.
constexpr int long_log_when_low = 64;
// What was deleted leaves the log after this time, also when nothing else is written.
constexpr auto log_is_cleared_every = std::chrono::seconds(1);
constexpr auto reserve_is_seen_to_every = std::chrono::seconds(1);

}  // namespace

sqlite_writer::sqlite_writer(std::unique_ptr<sqlite_connection> on, std::string store, std::size_t together,
                             const database_files& files, const disk_reserve& reserve)
    : connection_(std::move(on)),
      store_(std::move(store)),
      together_(together),
      files_(files),
      reserve_(reserve),
      thread_([this] { run(); }) {
  base::expects(connection_ != nullptr && together_ > 0, "a writer has a connection and takes transactions");
}

sqlite_writer::~sqlite_writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void sqlite_writer::submit(write_job& job) {
  base::expects(job.work != nullptr && job.resume != nullptr, "a job has its work and a waiter");
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    base::expects(!stopping_, "nothing is written once the writer ends");
    first = waiting_.empty();
    waiting_.push_back(&job);
  }
  if (first) arrived_.notify_one();
}

sqlite_writer::batch sqlite_writer::take() {
  std::unique_lock lock(mutex_);
  const auto has_work = [this] {
    return stopping_ || !waiting_.empty();
  };
  while (connection_->has_log_to_clear() && !arrived_.wait_for(lock, log_is_cleared_every, has_work)) {
    lock.unlock();
    clear_log_now_and_then();
    lock.lock();
  }
  arrived_.wait(lock, has_work);
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
      // The coroutine that this wakes destroys the job.
      auto resume = std::move(job->resume);
      resume();
    }
    checkpoint_when_long();
    look_after_reserve();
  }
}

// The files are checked before the commit, so that no work is wasted, and after it, so that acknowledged
// transactions are in files that still have their names.
void sqlite_writer::run_batch(const batch& jobs) {
  if (refuse_when_lost(jobs)) return;
  commit_batch(jobs);
  refuse_when_lost(jobs);
}

// Jobs that have failed already keep their error.
bool sqlite_writer::refuse_when_lost(const batch& jobs) {
  const auto there = files_.still_there();
  if (there) return false;
  for (auto* job : jobs) {
    if (job->outcome) job->outcome = std::unexpected(there.error());
  }
  // Moves what was acknowledged from the lost log into the database.
  if (files_.only_log_is_gone()) connection_->checkpoint();
  return true;
}

void sqlite_writer::commit_batch(const batch& jobs) {
  base::expects(!jobs.empty() && jobs.size() <= together_, "a batch is within its limit");
  try {
    connection_->begin();
    if (jobs.size() == 1) {
      run_alone(*jobs.front());
    } else {
      run_together(jobs);
    }
  } catch (const failure& problem) {
    connection_->roll_back();
    if (problem.answer().code != base::error_code::no_space) return fail(jobs, problem);
    connection_->empty_log();
    for (auto* job : jobs) {
      job->outcome = {};
      if (!job->thrown) commit_with_room(*job);
    }
  }
}

void sqlite_writer::commit_with_room(write_job& job) {
  for (;;) {
    try {
      connection_->begin();
      return run_alone(job);
    } catch (const failure& problem) {
      connection_->roll_back();
      const bool full = problem.answer().code == base::error_code::no_space;
      if (!full || job.why == purpose::add || !reserve_.give_up()) return fail({&job}, problem);
      connection_->empty_log();
    }
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
    const bool full = problem.answer().code == base::error_code::no_space;
    if (full || !connection_->in_transaction()) throw;
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

// If there was no room, the last frame was not written, so the transaction has certainly failed. After any
// other failure, above all a failed sync, the transaction is undone here, but all of it may be in the log. A
// process that reads the log after a crash then treats it as committed.
void sqlite_writer::commit() {
  base::expects(connection_->in_transaction(), "what is committed was begun");
  try {
    connection_->commit();
  } catch (const failure& problem) {
    const auto answer = problem.answer();
    if (answer.code == base::error_code::no_space) throw;
    throw failure(base::error_code::unavailable, answer.message, problem.detail(), true);
  }
}

// Called after the waiters were answered, so that none of them waits for it.
void sqlite_writer::checkpoint_when_long() {
  const auto pages = connection_->log_pages();
  if (pages >= long_log || (pages >= long_log_when_low && reserve_.is_low())) connection_->checkpoint();
  clear_log_now_and_then();
}

// Each time takes two syncs.
void sqlite_writer::clear_log_now_and_then() {
  const auto now = std::chrono::steady_clock::now();
  if (!connection_->has_log_to_clear() || now - log_cleared_ < log_is_cleared_every) return;
  connection_->clear_log();
  log_cleared_ = now;
}

void sqlite_writer::look_after_reserve() {
  const auto now = std::chrono::steady_clock::now();
  if (now - reserve_seen_ < reserve_is_seen_to_every) return;
  reserve_seen_ = now;
  reserve_.renew();
}

void sqlite_writer::fail(const batch& jobs, const failure& problem) {
  base::log_error("database failed", {{"store", store_}, {"detail", problem.detail()}});
  for (auto* job : jobs) job->outcome = std::unexpected(problem.answer());
}

}  // namespace dossier::stores::sql
