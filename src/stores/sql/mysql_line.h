// Who waits for a connection to the database, and who may go next. Rules only: no threads, no clock of its
// own. Its owner holds a lock.
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
#include "stores/sql/mysql_runner.h"

namespace dossier::stores::sql {

// A waiting transaction. It lives in its coroutine's frame, which may be gone once `resume` was called.
struct mysql_job {
  mysql_transaction what;
  contended_row row = {};
  std::move_only_function<void()> resume;
  // Asked before each attempt, on the pool's thread; empty: yes. What nobody waits for any more is not begun.
  std::move_only_function<bool()> still_wanted;
  base::result<void> outcome;
  std::exception_ptr thrown;  // a bug in the transaction

  // The line's own.
  mysql_transaction::time came = {};
  mysql_transaction::time not_before = {};
};

class mysql_line {
 public:
  using time = mysql_transaction::time;
  explicit mysql_line(const mysql_settings& options);

  std::size_t size() const { return waiting_.size(); }
  bool is_full() const { return waiting_.size() >= options_.waiting; }

  // Writes are refused for long already, and one has just tried: another need not.
  bool refuses(const mysql_job& job, time now) const;
  void add(mysql_job& job, time now);
  // Once more, after a pause.
  void add_again(mysql_job& job, time at);
  // The next one that may go; it runs from now on. `connected`: who asks has a connection.
  mysql_job* take(time now, bool connected);
  // Whether the clock lets it go, later, and not the end of another's work: the next look must not be too late.
  bool waits_for_a_time(const mysql_job& job, time now) const;
  // Whether take() would find one for somebody.
  bool has_work(time now, bool connected) const;
  // It runs no longer.
  void done(const mysql_job& job);

  // What the attempts tell.
  void connections(int open) { open_ = open; }
  bool has_connections() const { return open_ > 0; }
  void no_connection(time now);  // none more can be had for a moment
  void connection() { no_more_before_ = {}; }
  void read_only(time now);  // the database refuses writes
  void took_write() { read_only_since_.reset(); }
  bool is_read_only() const { return read_only_since_.has_value(); }

  // Who has waited too long: the first of them, taken out.
  enum class lateness { busy, read_only, tried };
  struct late_one {
    mysql_job* job = nullptr;
    lateness why = lateness::busy;
  };
  std::optional<late_one> take_late(time now);
  // How it is with a job that an attempt did not end.
  bool is_late(const mysql_job& job, time now) const { return now >= deadline(job); }
  lateness why_late(const mysql_job& job) const;
  // When to look again at who is late or may go; nothing: nobody waits.
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
  time no_more_before_ = {};  // nobody without one tries to open one, as long as there are others
  std::optional<time> read_only_since_;
  time probe_after_ = {};  // one write at a time tries whether it is read only still
};

}  // namespace dossier::stores::sql
