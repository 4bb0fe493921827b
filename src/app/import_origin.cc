#include "app/import_origin.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "app/logging.h"
#include "app/reports.h"
#include "app/run_to_end.h"
#include "app/store_settings.h"
#include "base/clock.h"
#include "base/random.h"
#include "domain/origin_import.h"
#include "domain/worker.h"
#include "stores/open.h"
#include "stores/origin/aws_origin.h"

namespace dossier::app {
namespace {

using base::error_code;
using base::result;

constexpr int all_of_it = 0;
constexpr int not_all = 1;
constexpr int failed = 2;

int refuse(const base::error& why) {
  fmt::print(stderr, "{}\n", why.message);
  return failed;
}

// --- Where from

// Puts the origin's settings in the place of those for Dossier's stores, so that the same rules read them.
settings settings_of_origin(const settings& chosen) {
  settings from = chosen;
  from.records = chosen.from.records;
  from.objects = chosen.from.objects;
  from.catalog = chosen.from.catalog;
  from.records_host = chosen.from.records_host;
  from.records_password = chosen.from.records_password;
  from.mysql_sign_in = database_sign_in::password;
  return from;
}

std::unexpected<base::error> say_where(std::string_view what, std::string_view flag, std::string_view form) {
  return base::fail(error_code::invalid,
                    fmt::format("Say where the origin's {} are: {} {}", what, flag, form));
}

result<std::unique_ptr<domain::origin_reader>> open_origin(const settings& chosen, aws_session& aws) {
  if (!chosen.from.records.starts_with("mysql:")) {
    return say_where("people", "--from-records", "mysql://USER@HOST:PORT/DATABASE");
  }
  if (!chosen.from.objects.starts_with("s3:")) return say_where("files", "--from-objects", "s3://BUCKET");
  if (!chosen.from.catalog.starts_with("dynamodb:")) {
    return say_where("descriptions", "--from-catalog", "dynamodb://TABLE");
  }
  const auto from = settings_of_origin(chosen);
  auto where = locations_of(from, aws);
  if (!where) return base::pass(where);
  auto session = aws.open();
  if (!session) return base::pass(session);
  return stores::make_origin(**session,
                             {.people = std::get<stores::mysql_location>(where->records),
                              .files = std::get<stores::s3_location>(where->objects),
                              .catalog = std::get<stores::dynamodb_location>(where->catalog)},
                             options_of(from, *where, aws).mysql);
}

// --- Where to

struct target {
  std::optional<data_lock> lock;
  std::optional<stores::opened_stores> stores;  // empty if there is no data yet and none is to be made
};

result<void> check_schema(const stores::schema_status& status, bool& is_there) {
  const auto applied = &stores::sql::migration_status::applied;
  is_there = std::ranges::any_of(status.records, applied);
  if (!is_there || std::ranges::all_of(status.records, applied)) return {};
  return base::fail(error_code::conflict,
                    "The data was written by an older version. Run `dossier migrate` first.");
}

// Data that exists already may be served during the import; data that is made now is locked until its end.
result<target> open_target(const settings& chosen, bool apply, const base::clock& clock, aws_session& aws) {
  auto where = locations_of(chosen, aws);
  if (!where) return base::pass(where);
  auto status = stores::migration_status(*where, options_of(chosen, *where, aws));
  if (!status) return base::pass(status);
  bool is_there = false;
  if (auto fits = check_schema(*status, is_there); !fits) return base::pass(fits);
  target to;
  if (!is_there && !apply) return to;
  if (!is_there) {
    auto lock = lock_for(*where);
    if (!lock) return base::pass(lock);
    if (*lock) to.lock.emplace(std::move(**lock));
  }
  auto opened = open_stores(chosen, *where, clock, {}, aws);
  if (!opened) return base::pass(opened);
  to.stores.emplace(std::move(*opened));
  // Checked first: nothing may be stored or erased in a store that belongs to other records.
  for (const auto& confirm : to.stores->confirm) {
    if (auto ours = run_to_end(confirm()); !ours) return base::pass(ours);
  }
  return to;
}

// --- Progress: one line that is written over, on a terminal only

class progress_line {
 public:
  progress_line() : shown_(isatty(STDERR_FILENO) == 1) {}
  ~progress_line() {
    if (written_) fmt::print(stderr, "\r\x1b[K");
  }
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void show(const domain::import_progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    written_ = true;
    fmt::print(stderr, "\r\x1b[K{}", to_line(progress));
  }

 private:
  bool shown_;
  bool written_ = false;
  std::chrono::steady_clock::time_point last_;
};

// --- Doing it

domain::import_target stores_of(target& to) {
  if (!to.stores) return {};
  return {.records = to.stores->records.get(), .objects = to.stores->objects.get()};
}

// Writes the catalog items of the imported files now. Tasks that fail stay owed; a serving process does them.
awaitable<result<int>> run_tasks(stores::opened_stores& stores, base::random_source& random,
                                 const domain::worker_settings& how) {
  domain::worker tasks(*stores.records, *stores.objects, *stores.catalog, random, how);
  co_return co_await tasks.run_due();
}

result<domain::import_report> run(const settings& chosen, bool apply) {
  const base::system_clock clock;
  base::system_random random;
  aws_session aws;
  auto from = open_origin(chosen, aws);
  if (!from) return base::pass(from);
  auto to = open_target(chosen, apply, clock, aws);
  if (!to) return base::pass(to);

  progress_line line;
  domain::import_options how{.apply = apply,
                             .file_bytes = chosen.intake.file_bytes,
                             .files_of_person = chosen.intake.files_of_person,
                             .lease = chosen.intake.lease,
                             .progress = [&line](const auto& progress) {
                               line.show(progress);
                             }};
  domain::origin_import work(**from, stores_of(*to), random, std::move(how));
  auto report = run_to_end(work.run());
  if (!apply || !to->stores) return report;
  auto done = run_to_end(run_tasks(*to->stores, random, chosen.worker));
  if (report && !done) return base::pass(done);
  return report;
}

}  // namespace

int import_origin(const settings& chosen, const command& asked) {
  const logging log(chosen);
  const auto report = run(chosen, asked.apply);
  if (!report) {
    refuse(report.error());
    if (asked.apply) fmt::print(stderr, "What was brought over so far is kept. Run this again to go on.\n");
    return failed;
  }
  fmt::print("{}", asked.json ? to_json(*report) : to_text(*report));
  return report->complete() ? all_of_it : not_all;
}

}  // namespace dossier::app
