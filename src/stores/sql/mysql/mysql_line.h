// The transactions that wait for a connection to the database, and the rules for which of them goes next. No
// threads and no clock of its own; its owner holds a lock.
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
  // Asked before each attempt, on the pool's thread; false: the attempt is not begun. Empty: always true.
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

  // Whether to refuse it at once: writes have been refused for long, and another has just tried.
  bool refuses(const mysql_job& job, time now) const;
  void add(mysql_job& job, time now);
  // It waits again, for another attempt that may begin at this time.
  void add_again(mysql_job& job, time at);
  // Takes out the next one that may go; it counts as running from now on. Null: there is none. `connected`:
  // the thread that asks has a connection.
  mysql_job* take(time now, bool connected);
  // Whether it waits for a point in time, and not for the end of another's work: then somebody must look
  // again at that time.
  bool waits_for_a_time(const mysql_job& job, time now) const;
  // Whether take() would answer one.
  bool has_work(time now, bool connected) const;
  // It no longer runs.
  void done(const mysql_job& job);

  // What attempts have found out.
  void connections(int open);
  bool has_connections() const { return open_ > 0; }
  void no_connection(time now);  // no further one can be opened for a moment
  void connection() { no_more_before_ = {}; }
  void read_only(time now);  // the database refuses writes
  void took_write() { read_only_since_.reset(); }
  bool is_read_only() const { return read_only_since_.has_value(); }

  // Takes out the first that has waited too long; empty: there is none.
  enum class lateness { busy, read_only, tried };
  struct late_one {
    mysql_job* job = nullptr;
    lateness why = lateness::busy;
  };
  std::optional<late_one> take_late(time now);
  // About a job that an attempt has not finished.
  bool is_late(const mysql_job& job, time now) const { return now >= deadline(job); }
  lateness why_late(const mysql_job& job) const;
  // When the next one is late or may go; empty: nobody waits for a time.
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
  time no_more_before_ = {};  // until then no thread opens one, unless none is open
  std::optional<time> read_only_since_;
  time probe_after_ = {};  // after that one write tries whether it is still read only
};

}  // namespace dossier::stores::sql
