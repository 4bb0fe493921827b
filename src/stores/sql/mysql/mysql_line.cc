#include "stores/sql/mysql/mysql_line.h"

#include <algorithm>

#include "base/expects.h"

namespace dossier::stores::sql {
namespace {

using namespace std::chrono_literals;

constexpr auto between_probes = 250ms;
constexpr auto without_connecting = 500ms;

// A quarter of the connections is left to the other kind.
int most_of_a_kind(unsigned connections) {
  const int all = static_cast<int>(connections);
  if (all < 2) return all;
  return all - std::max(all / 4, 1);
}

}  // namespace

mysql_line::mysql_line(const mysql_settings& options)
    : options_(options), most_of_a_kind_(most_of_a_kind(options.connections)) {}

bool mysql_line::refuses(const mysql_job& job, time now) const {
  return job.what.writes && read_only_since_ && now - *read_only_since_ >= options_.read_only_limit &&
         now < probe_after_;
}

void mysql_line::add(mysql_job& job, time now) {
  base::expects(!is_full(), "the line has room for a new job");
  job.came = now;
  job.not_before = now;
  waiting_.push_back(&job);
}

void mysql_line::add_again(mysql_job& job, time at) {
  base::expects(job.what.attempts > 0, "a job that waits again had an attempt");
  job.not_before = at;
  waiting_.push_back(&job);
}

bool mysql_line::may_write(time now) const {
  if (writing_ >= most_of_a_kind_) return false;
  return !read_only_since_ || (writing_ == 0 && now >= probe_after_);
}

bool mysql_line::is_row_busy(contended_row row) const {
  return row.number != 0 && std::ranges::find(busy_rows_, row.number) != busy_rows_.end();
}

bool mysql_line::may_go(const mysql_job& job, time now, bool connected) const {
  if (!connected && open_ > 0 && now < no_more_before_) return false;
  if (now < job.not_before || is_row_busy(job.row)) return false;
  return job.what.writes ? may_write(now) : reading_ < most_of_a_kind_;
}

bool mysql_line::waits_for_a_time(const mysql_job& job, time now) const {
  return now < job.not_before || now < no_more_before_ || (job.what.writes && read_only_since_);
}

mysql_job* mysql_line::take(time now, bool connected) {
  const auto at = std::ranges::find_if(waiting_, [&](auto* job) { return may_go(*job, now, connected); });
  if (at == waiting_.end()) return nullptr;
  auto* job = *at;
  waiting_.erase(at);
  ++(job->what.writes ? writing_ : reading_);
  if (job->row.number != 0) busy_rows_.push_back(job->row.number);
  if (job->what.writes && read_only_since_) probe_after_ = now + between_probes;
  return job;
}

bool mysql_line::has_work(time now, bool connected) const {
  return std::ranges::any_of(waiting_, [&](auto* job) { return may_go(*job, now, connected); });
}

void mysql_line::done(const mysql_job& job) {
  auto& running = job.what.writes ? writing_ : reading_;
  base::expects(running > 0, "a job that is done was running");
  --running;
  if (job.row.number == 0) return;
  const auto at = std::ranges::find(busy_rows_, job.row.number);
  base::expects(at != busy_rows_.end(), "a running job holds its row");
  *at = busy_rows_.back();
  busy_rows_.pop_back();
}

void mysql_line::connections(int open) {
  base::expects(open >= 0 && open <= static_cast<int>(options_.connections),
                "a thread has one connection at most");
  open_ = open;
}

void mysql_line::no_connection(time now) {
  no_more_before_ = now + without_connecting;
}

void mysql_line::read_only(time now) {
  if (!read_only_since_) read_only_since_ = now;
  probe_after_ = now + between_probes;
}

// A job that had no attempt may wait for wait_limit; a job that had one may wait until give_up, after which
// no attempt begins. A write to a read-only database is refused sooner, unless its commit is being looked
// for.
mysql_line::time mysql_line::deadline(const mysql_job& job) const {
  const auto usual = job.what.attempts == 0 ? job.came + options_.wait_limit : job.what.give_up;
  if (!job.what.writes || !read_only_since_ || job.what.undecided) return usual;
  return std::min(usual, job.came + options_.read_only_limit);
}

mysql_line::lateness mysql_line::why_late(const mysql_job& job) const {
  if (job.what.writes && read_only_since_ && !job.what.undecided) return lateness::read_only;
  return job.what.attempts == 0 ? lateness::busy : lateness::tried;
}

std::optional<mysql_line::late_one> mysql_line::take_late(time now) {
  const auto at = std::ranges::find_if(waiting_, [&](auto* job) { return is_late(*job, now); });
  if (at == waiting_.end()) return std::nullopt;
  auto* job = *at;
  waiting_.erase(at);
  return late_one{job, why_late(*job)};
}

std::optional<mysql_line::time> mysql_line::next_event(time now) const {
  std::optional<time> next;
  const auto consider = [&](time at) {
    if (at > now && (!next || at < *next)) next = at;
  };
  for (const auto* job : waiting_) {
    consider(deadline(*job));
    consider(job->not_before);
    if (job->what.writes && read_only_since_) consider(probe_after_);
    if (open_ > 0) consider(no_more_before_);
  }
  return next;
}

std::vector<mysql_job*> mysql_line::empty() {
  std::vector<mysql_job*> all(waiting_.begin(), waiting_.end());
  waiting_.clear();
  return all;
}

}  // namespace dossier::stores::sql
