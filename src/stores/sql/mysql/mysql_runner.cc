#include "stores/sql/mysql/mysql_runner.h"

#include <algorithm>
#include <utility>

#include "base/expects.h"
#include "base/log.h"

namespace dossier::stores::sql {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

// A commit is looked for this long, which is longer than a server needs to notice a broken connection.
constexpr milliseconds look_for_at_most = 20s;
constexpr int most_tries_of_a_statement = 4;

constexpr auto not_known = "It is not known yet whether this was kept. Try again in a moment.";

void tell_fate(const mysql_shared_state& common, const mysql_transaction& one, const char* committed) {
  base::log_warning("answer to a commit lost",
                    {{"store", common.store}, {"committed", committed}, {"detail", one.detail}});
}

}  // namespace

base::error given_up(const mysql_shared_state& common, const mysql_transaction& one) {
  base::log_error("database failed", {{"store", common.store},
                                      {"operation", one.operation},
                                      {"attempts", one.attempts},
                                      {"detail", one.detail}});
  auto answer = one.problem;
  if (one.undecided) {
    tell_fate(common, one, "unknown");
    answer = {.code = base::error_code::unavailable, .message = not_known, .may_have_happened = true};
  }
  if (answer.code == base::error_code::unavailable) answer.retry_after = 2s;
  return answer;
}

mysql_runner::mysql_runner(mysql_shared_state& common) : common_(common), random_(std::random_device()()) {}

mysql_runner::attempt_end mysql_runner::attempt(mysql_transaction& one) {
  base::expects(one.what != nullptr, "a transaction has its work");
  if (one.attempts++ == 0) one.give_up = steady_clock::now() + common_.options.transaction_limit;
  wrote_ = false;
  connecting_ = false;
  try {
    run(one);
    used_at_ = steady_clock::now();
    common_.reached();
    return {.wrote = wrote_};
  } catch (const mysql_failure& problem) {
    return failed(one, problem);
  } catch (const failure& problem) {
    return failed(one, problem);
  } catch (...) {
    clean_up(mysql_trouble::other);
    throw;
  }
}

void mysql_runner::run(mysql_transaction& one) {
  if (one.undecided && look(one)) return;
  if (one.writes) {
    write(one);
  } else {
    read(one);
  }
}

mysql_runner::attempt_end mysql_runner::failed(mysql_transaction& one, const mysql_failure& problem) {
  const auto trouble = problem.trouble();
  const bool unconnected = std::exchange(connecting_, false);
  clean_up(trouble);
  if (one.undecided) return undecided(one);
  one.problem = problem.answer();
  one.detail = problem.detail();
  attempt_end end{
      .how = outcome::failed, .read_only = trouble == mysql_trouble::read_only, .not_connected = unconnected};
  const bool passes = may_try_again(one, trouble) || (unconnected && trouble == mysql_trouble::limited);
  if (!passes || steady_clock::now() >= one.give_up) return end;
  end.how = outcome::again;
  end.pause = pause_after(trouble, one.attempts);
  if (trouble == mysql_trouble::lost) {
    base::log_warning("database connection lost, trying again",
                      {{"store", common_.store}, {"attempt", one.attempts}, {"detail", one.detail}});
  }
  return end;
}

// A failure that the server did not report: the password cannot be read, for example.
mysql_runner::attempt_end mysql_runner::failed(mysql_transaction& one, const failure& problem) {
  const bool unconnected = std::exchange(connecting_, false);
  clean_up(mysql_trouble::other);
  if (one.undecided) return undecided(one);
  one.problem = problem.answer();
  one.detail = problem.detail();
  return {.how = outcome::failed, .not_connected = unconnected};
}

// The attempt to find out what happened to the commit failed. Until that is known, nothing else is tried.
mysql_runner::attempt_end mysql_runner::undecided(mysql_transaction& one) {
  ++one.looks;
  return {.how = outcome::again, .pause = pause_after(mysql_trouble::lost, one.looks)};
}

bool mysql_runner::may_try_again(const mysql_transaction& one, mysql_trouble trouble) const {
  switch (trouble) {
    case mysql_trouble::lost:
      // If the database could not be reached for long, callers do not wait for it.
      return common_.away_for() < common_.options.transaction_limit;
    case mysql_trouble::read_only:
      return one.writes;
    case mysql_trouble::busy:
      return one.attempts < common_.options.attempts;
    case mysql_trouble::duplicate:
    case mysql_trouble::statement:
      return one.attempts < most_tries_of_a_statement;
    case mysql_trouble::none:
    case mysql_trouble::refused:
    case mysql_trouble::limited:
    case mysql_trouble::full:
    case mysql_trouble::too_slow:
    case mysql_trouble::other:
      return false;
  }
  base::not_reached();
}

// A pause that is longer each time, and random, so that not all transactions try again at the same moment.
milliseconds mysql_runner::pause_after(mysql_trouble trouble, int attempt) {
  const bool away = trouble == mysql_trouble::lost || trouble == mysql_trouble::read_only ||
                    trouble == mysql_trouble::limited;
  const milliseconds first = away ? 20ms : 4ms;
  const milliseconds longest = away ? 1'000ms : 250ms;
  return jittered(std::min(first * (1 << std::min(attempt - 1, 10)), longest));
}

// A random time between half of `time` and all of it.
milliseconds mysql_runner::jittered(milliseconds time) {
  return milliseconds(std::uniform_int_distribution<std::int64_t>(time.count() / 2, time.count())(random_));
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
    case mysql_trouble::too_slow:
      // MariaDB sometimes leaves the next statement of such a connection without an answer.
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

// Most reads are one statement, which sees one state by itself and so needs no transaction and only one
// message to the server. A read with more statements is recognized when it runs its second one, and
// remembered.
void mysql_runner::read(mysql_transaction& one) {
  if (!reads_a_snapshot(one.operation)) {
    if (read_single(*one.what)) return;
    snapshot_reads_.push_back(one.operation);
  }
  read_snapshot(*one.what);
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

void mysql_runner::write(mysql_transaction& one) {
  auto& on = connected();
  writing_ = true;
  on.begin();
  if ((*one.what)(on)) {
    commit(one);
  } else {
    on.roll_back();
    if (on.is_broken()) connection_.reset();
  }
  writing_ = false;
}

void mysql_runner::commit(mysql_transaction& one) {
  base::expects(!one.undecided, "what became of an earlier commit is known before the next one");
  auto& on = *connection_;
  // A transaction that changed nothing needs no token.
  if (!on.has_written()) return on.commit();
  const lost_commit which{make_commit_token(on.server_time_ms()), on.server_id()};
  try {
    on.commit_with(which.token.hex);
    era_ = common_.wrote(era_);
    wrote_ = true;
  } catch (const mysql_connection::commit_failed_early& early) {
    throw mysql_failure(early.why);
  } catch (const mysql_failure& problem) {
    const bool said_no =
        problem.trouble() == mysql_trouble::busy || problem.trouble() == mysql_trouble::read_only;
    if (!said_no) {
      one.undecided = which;
      one.give_up = std::max(one.give_up, steady_clock::now() + look_for_at_most);
      one.problem = problem.answer();
      one.detail = "a commit without an answer: " + problem.detail();
      connection_.reset();
    }
    throw;
  }
}

bool mysql_runner::look(mysql_transaction& one) {
  const auto fate = look_for_commit(connected(), *one.undecided);
  if (fate == commit_fate::unknown) {
    one.give_up = {};  // nobody can find it out any more
    throw failure(base::error_code::unavailable, not_known, one.detail, true);
  }
  one.undecided.reset();
  tell_fate(common_, one, fate == commit_fate::committed ? "yes" : "no");
  return fate == commit_fate::committed;
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
  // Read before connecting: a replica that another thread meets meanwhile may be this very server.
  era_ = common_.era();
  connecting_ = true;
  try {
    connection_ = std::make_unique<mysql_connection>(common_.options, common_.login.open());
  } catch (const failure&) {
    common_.not_reached();
    throw;
  }
  connecting_ = false;
  common_.reached();
  if (lost_session_ != 0) end_session(*connection_, std::exchange(lost_session_, 0));
  used_at_ = steady_clock::now();
  // Connections that were opened together after a fail-over should not end together.
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
