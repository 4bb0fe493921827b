// The transactions that wait for a connection to the database, and the rules for which of them goes next. It
// has no threads and no clock; its owner must call it under a lock.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <vector>

#include "base/result.h"
#include "stores/sql/driver.h"
#include "stores/sql/mysql/mysql_runner.h"

namespace dossier::stores::sql {

// A waiting transaction. It lives in its coroutine's frame, which may be gone once `resume` has been called.
struct mysql_job {
  mysql_transaction what;
  contended_row row = {};
  std::move_only_function<void()> resume;
  // Called before each attempt, on the pool's thread; false: the attempt is not begun. Empty: always true.
  std::move_only_function<bool()> still_wanted;
  base::result<void> outcome;
  std::exception_ptr thrown;  // a bug in the transaction

  // Set by the line.
  mysql_transaction::time came = {};
  mysql_transaction::time not_before = {};
};

class mysql_line {
 public:
  using time = mysql_transaction::time;
  explicit mysql_line(const mysql_settings& options);

  std::size_t size() const { return waiting_.size(); }
  bool is_full() const { return waiting_.size() >= options_.waiting; }

  // Whether to refuse this job at once, because the database has refused writes for long and another write
  // has just tried.
  bool refuses(const mysql_job& job, time now) const;
  void add(mysql_job& job, time now);
  // Puts the job back into the line, for another attempt that may begin at this time.
  void add_again(mysql_job& job, time at);
  // Takes the next job that may run out of the line; it counts as running from now on. Null: there is none.
  // `connected`: the thread that asks has a connection.
  mysql_job* take(time now, bool connected);
  // Whether the job waits for a point in time, and not for another job to end. Then the line must be checked
  // again at that time.
  bool waits_for_a_time(const mysql_job& job, time now) const;
  // Whether take() would answer a job.
  bool has_work(time now, bool connected) const;
  // The job no longer runs.
  void done(const mysql_job& job);

  // The owner reports here what attempts have found out.
  void connections(int open);
  bool has_connections() const { return open_ > 0; }
  void no_connection(time now);  // no further one can be opened for a moment
  void connection() { no_more_before_ = {}; }
  void read_only(time now);  // the database refuses writes
  void took_write() { read_only_since_.reset(); }
  bool is_read_only() const { return read_only_since_.has_value(); }

  // Takes out the first job that has waited too long; empty: there is none.
  enum class lateness { busy, read_only, tried };
  struct late_one {
    mysql_job* job = nullptr;
    lateness why = lateness::busy;
  };
  std::optional<late_one> take_late(time now);
  // For a job that is still not finished after an attempt.
  bool is_late(const mysql_job& job, time now) const { return now >= deadline(job); }
  lateness why_late(const mysql_job& job) const;
  // When the next job becomes late or may run; empty: no job waits for a point in time.
  std::optional<time> next_event(time now) const;
  std::vector<mysql_job*> empty();

 private:
  bool may_go(const mysql_job& job, time now, bool connected) const;
  bool may_write(time now) const;
  time deadline(const mysql_job& job) const;
  bool is_row_busy(contended_row row) const;

  const mysql_settings& options_;
  const int most_of_a_kind_;  // reads, or writes, at the same time
  std::deque<mysql_job*> waiting_;
  std::vector<std::uint64_t> busy_rows_;
  int reading_ = 0;
  int writing_ = 0;
  int open_ = 0;              // connections
  time no_more_before_ = {};  // until then no thread opens a connection, unless none is open
  std::optional<time> read_only_since_;
  time probe_after_ = {};  // after this, one write tries whether the database is still read only
};

}  // namespace dossier::stores::sql
