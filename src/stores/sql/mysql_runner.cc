#include "stores/sql/mysql_runner.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace dossier::stores::sql {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

// A commit is looked for this long, which is longer than a server needs to notice a broken connection.
constexpr milliseconds look_for_at_most = 20s;

constexpr auto undecided = "It is not known yet whether this was kept. Try again in a moment.";

}  // namespace

mysql_runner::mysql_runner(mysql_common& common) : common_(common), random_(std::random_device()()) {}

base::result<void> mysql_runner::read(const char* operation, work& what) {
  return repeat(operation, [&] { read_once(operation, what); });
}

base::result<void> mysql_runner::write(const char* operation, work& what) {
  return repeat(operation, [&] { write_once(what); });
}

template <class Attempt>
base::result<void> mysql_runner::repeat(const char* operation, Attempt attempt) {
  const auto give_up = steady_clock::now() + common_.options.transaction_limit;
  for (int count = 1;; ++count) {
    try {
      attempt();
      used_at_ = steady_clock::now();
      return {};
    } catch (const mysql_failure& problem) {
      clean_up(problem.trouble());
      if (!may_try_again(problem, count, give_up) || !wait_before(problem, count)) {
        return failed(operation, problem, count);
      }
    } catch (const failure& problem) {
      clean_up(mysql_trouble::other);
      return failed(operation, problem, count);
    } catch (...) {
      clean_up(mysql_trouble::other);
      throw;
    }
  }
}

bool mysql_runner::may_try_again(const mysql_failure& problem, int attempt, time give_up) {
  if (steady_clock::now() >= give_up) return false;
  switch (problem.trouble()) {
    case mysql_trouble::lost:
      // When it has been away for long, nobody is made to wait for it.
      return connection_ != nullptr || common_.not_reached() < common_.options.transaction_limit;
    case mysql_trouble::read_only:
      return true;
    case mysql_trouble::busy:
      return attempt < common_.options.attempts;
    case mysql_trouble::duplicate:
    case mysql_trouble::statement:
      return attempt < 4;
    case mysql_trouble::none:
    case mysql_trouble::refused:
    case mysql_trouble::too_slow:
    case mysql_trouble::other:
      return false;
  }
  std::unreachable();
}

// Longer each time, and never in step with the others.
bool mysql_runner::wait_before(const mysql_failure& problem, int attempt) {
  const bool lost = problem.trouble() == mysql_trouble::lost || problem.trouble() == mysql_trouble::read_only;
  const milliseconds first = lost ? 20ms : 4ms;
  const milliseconds longest = lost ? 1'000ms : 250ms;
  const auto time = std::min(first * (1 << std::min(attempt - 1, 10)), longest);
  if (lost) {
    base::log_warning("database connection lost, trying again",
                      {{"store", common_.store}, {"attempt", attempt}, {"detail", problem.detail()}});
  }
  return common_.pause(jittered(time));
}

// Between half of it and all.
milliseconds mysql_runner::jittered(milliseconds time) {
  return milliseconds(std::uniform_int_distribution<std::int64_t>(time.count() / 2, time.count())(random_));
}

base::result<void> mysql_runner::failed(const char* operation, const failure& problem, int attempts) const {
  base::log_error("database failed", {{"store", common_.store},
                                      {"operation", operation},
                                      {"attempts", attempts},
                                      {"detail", problem.detail()}});
  auto answer = problem.answer();
  if (answer.code == base::error_code::unavailable) answer.retry_after = 2s;
  return std::unexpected(std::move(answer));
}

void mysql_runner::clean_up(mysql_trouble trouble) {
  const bool was_writing = std::exchange(writing_, false);
  if (!connection_) return;
  connection_->end_single();
  switch (trouble) {
    case mysql_trouble::lost:
      if (was_writing) lost_session_ = connection_->server_id();
      connection_.reset();
      return;
    case mysql_trouble::read_only:
      common_.met_replica(era_);
      connection_.reset();
      return;
    case mysql_trouble::statement:
      connection_->forget_statements();
      break;
    default:
      break;
  }
  connection_->roll_back();
  if (connection_->is_broken()) connection_.reset();
}

bool mysql_runner::reads_a_snapshot(const char* operation) const {
  return std::ranges::find(snapshot_reads_, operation) != snapshot_reads_.end();
}

// Most reads are one statement, which sees one state by itself: no transaction, one message to the server.
// Which ones are not is learned when they ask for their second.
void mysql_runner::read_once(const char* operation, work& what) {
  if (!reads_a_snapshot(operation)) {
    if (read_single(what)) return;
    snapshot_reads_.push_back(operation);
  }
  read_snapshot(what);
}

bool mysql_runner::read_single(work& what) {
  auto& on = connected();
  on.begin_single();
  try {
    what(on);
    on.end_single();
    return true;
  } catch (const needs_snapshot&) {
    on.end_single();
    return false;
  }
}

void mysql_runner::read_snapshot(work& what) {
  auto& on = connected();
  on.begin_reading();
  what(on);
  on.commit();
}

void mysql_runner::write_once(work& what) {
  auto& on = connected();
  writing_ = true;
  on.begin();
  if (what(on)) {
    commit();
  } else {
    on.roll_back();
    if (on.is_broken()) connection_.reset();
  }
  writing_ = false;
}

void mysql_runner::commit() {
  auto& on = *connection_;
  // What changed nothing may be committed or not.
  if (!on.has_written()) return on.commit();
  const lost_commit which{make_commit_token(on.server_time_ms()), on.server_id()};
  try {
    on.commit_with(which.token.hex);
    era_ = common_.wrote(era_);
  } catch (const mysql_connection::commit_failed_early& early) {
    throw mysql_failure(early.why);
  } catch (const mysql_failure& problem) {
    settle(which, problem);
  }
}

void mysql_runner::settle(const lost_commit& which, const mysql_failure& problem) {
  switch (problem.trouble()) {
    case mysql_trouble::busy:
    case mysql_trouble::read_only:
      throw mysql_failure(problem);  // the server said no
    default:
      break;
  }
  connection_.reset();
  const auto fate = find_out(which);
  base::log_warning("answer to a commit lost",
                    {{"store", common_.store},
                     {"committed", fate == commit_fate::committed       ? "yes"
                                   : fate == commit_fate::not_committed ? "no"
                                                                        : "unknown"},
                     {"detail", problem.detail()}});
  if (fate == commit_fate::not_committed) throw mysql_failure(problem);
  if (fate == commit_fate::unknown) {
    throw failure(base::error_code::unavailable, undecided, "a commit without an answer: " + problem.detail(),
                  true);
  }
}

commit_fate mysql_runner::find_out(const lost_commit& which) {
  const auto give_up = steady_clock::now() + look_for_at_most;
  for (int attempt = 1; steady_clock::now() < give_up; ++attempt) {
    try {
      return look_for_commit(connected(), which);
    } catch (const mysql_failure& problem) {
      clean_up(problem.trouble());
      if (!wait_before(problem, attempt)) break;
    } catch (const failure&) {
      if (!common_.pause(jittered(1s))) break;
    }
  }
  return commit_fate::unknown;
}

mysql_connection& mysql_runner::connected() {
  if (connection_ && !is_fit()) connection_.reset();
  if (!connection_) connect();
  return *connection_;
}

bool mysql_runner::is_fit() {
  const auto now = steady_clock::now();
  if (now >= expires_at_ || era_ != common_.era()) return false;
  return now - used_at_ < common_.options.look_after ||
         connection_->answers_within(common_.options.look_limit);
}

void mysql_runner::connect() {
  // Asked before: what is heard meanwhile of the server may be about this one.
  era_ = common_.era();
  try {
    connection_ = std::make_unique<mysql_connection>(common_.options);
  } catch (const failure&) {
    common_.not_reached();
    throw;
  }
  common_.reached();
  if (lost_session_ != 0) end_session(*connection_, std::exchange(lost_session_, 0));
  used_at_ = steady_clock::now();
  // All of them opened together after a fail-over shall not end together.
  const auto life = common_.options.life_limit;
  expires_at_ = used_at_ + life - life / 10 + jittered(life / 5);
}

void mysql_runner::tidy() {
  if (!connection_ || !common_.is_time_to_tidy()) return;
  try {
    if (forget_commit_tokens(*connection_)) common_.tidy_again();
  } catch (const mysql_failure& problem) {
    clean_up(problem.trouble());
  }
}

}  // namespace dossier::stores::sql
