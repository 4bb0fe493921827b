#include "app/maintenance.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "app/existing_data.h"
#include "app/logging.h"
#include "app/reports.h"
#include "app/run_to_end.h"
#include "app/store_settings.h"
#include "base/clock.h"
#include "base/random.h"
#include "domain/belonging.h"
#include "domain/doctor.h"
#include "domain/worker.h"
#include "stores/checks/checks.h"
#include "stores/open.h"

namespace dossier::app {

std::vector<domain::store_report> examine_stores(const settings& chosen, domain::check_depth how) {
  const base::system_clock clock;
  base::system_random random;
  aws_session aws;
  std::vector<domain::store_report> reports;
  auto named = named_locations(chosen);
  if (!named) return reports;
  // The other stores can be examined even when the database's host cannot be found out.
  const auto found = locations_of(chosen, aws);
  const auto& where = found ? *found : *named;
  if (!found) reports.push_back(run_to_end(stores::make_failed_check("records", found.error())->look(how)));

  const auto checks = stores::make_checks(where, options_of(chosen, where, aws),
                                          {.clock = clock,
                                           .aws =
                                               [&aws] {
                                                 return aws.open();
                                               }},
                                          random);
  for (const auto& one : checks) reports.push_back(run_to_end(one->look(how)));
  return reports;
}

bool has_remote_stores(const settings& chosen) {
  const auto where = named_locations(chosen);
  return where && !(std::holds_alternative<stores::sqlite_location>(where->records) &&
                    std::holds_alternative<stores::folder_location>(where->objects) &&
                    std::holds_alternative<stores::sqlite_location>(where->catalog));
}

namespace {

using base::result;

// Exit codes: a program that calls the doctor must be able to tell "something differs" from "could not look".
constexpr int in_order = 0;
constexpr int differs = 1;
constexpr int failed = 2;

constexpr auto one_ahead = " The schema is the next version's, and this version works with it.";

int refuse(const base::error& why) {
  fmt::print(stderr, "{}\n", why.message);
  return failed;
}

awaitable<result<domain::doctor_report>> examine_and_repair(existing_data& data, domain::doctor_options how) {
  auto first = co_await data.examine(how);
  if (!first || !how.repair) co_return std::move(first);
  auto done = co_await data.run_due();
  if (!done) co_return base::pass(done);
  how.repair = false;
  auto second = co_await data.examine(how);
  if (second) second->repaired = first->repaired;
  co_return std::move(second);
}

// If a store on another machine cannot be reached, it is not asked again for every file.
result<domain::doctor_report> compare(const settings& chosen, const command& asked,
                                      const std::vector<domain::store_report>& looked) {
  const auto away = std::ranges::find_if(
      looked, [](const domain::store_report& one) { return !one.reached && domain::is_about_a_store(one); });
  if (has_remote_stores(chosen) && away != looked.end()) {
    return base::fail(base::error_code::unavailable,
                      fmt::format("the store of the {} could not be looked at.", away->store));
  }
  auto data = existing_data::open(chosen, asked.repair ? whose::made_sure_of : whose::looked_at);
  if (!data) return base::pass(data);
  return run_to_end(examine_and_repair(
      **data,
      {.repair = asked.repair, .read_bytes = asked.read_bytes, .erase_unknown = asked.erase_unknown}));
}

std::string owed_text(const domain::task_statistics& tasks) {
  std::string text =
      fmt::format("Owed: {} to clean up or under way, {} to write to the catalog, {} to erase.\n", tasks.reap,
                  tasks.index, tasks.erase);
  if (tasks.failing > 0) {
    text += fmt::format("Of these {} failed before and are tried again; the oldest has been due for {} s.\n",
                        tasks.failing, tasks.oldest_overdue.count() / 1000);
  }
  return text;
}

// How many findings gc mends: all that need no decision by a person.
std::int64_t mendable(const domain::doctor_report& report) {
  return std::ranges::count_if(report.findings, &domain::finding::mendable);
}

awaitable<result<std::string>> describe_gc(existing_data& data) {
  auto tasks = co_await data.records().task_stats();
  if (!tasks) co_return base::pass(tasks);
  auto report = co_await data.examine({});
  if (!report) co_return base::pass(report);
  std::string text = owed_text(*tasks);
  for (const auto& found : report->findings) {
    if (found.mendable)
      text += fmt::format("Would mend: {} {}\n", domain::to_string(found.kind), found.key.value);
  }
  co_return text + fmt::format("{} to mend. Nothing was changed.\n", mendable(*report));
}

awaitable<result<std::string>> collect_garbage(existing_data& data, bool erase_unknown) {
  auto report = co_await data.examine({.repair = true, .erase_unknown = erase_unknown});
  if (!report) co_return base::pass(report);
  auto done = co_await data.run_due();
  if (!done) co_return base::pass(done);
  auto left = co_await data.records().task_stats();
  if (!left) co_return base::pass(left);
  std::string text = fmt::format("Tasks done: {}. {} of them had been missing.\n", *done, report->repaired);
  if (left->owed == 0) co_return text + "Nothing is owed any more.\n";
  co_return text + owed_text(*left);
}

struct rebuilt {
  std::int64_t files = 0;
  int tasks = 0;
};

awaitable<result<rebuilt>> rebuild(existing_data& data) {
  auto files = co_await domain::rebuild_catalog(data.records(), data.catalog());
  if (!files) co_return base::pass(files);
  fmt::print(stderr, "Catalog items to write: {}…\n", *files);
  auto done = co_await data.run_due();
  if (!done) co_return base::pass(done);
  co_return rebuilt{*files, *done};
}

}  // namespace

int doctor(const settings& chosen, const command& asked) {
  const logging log(chosen);
  examination found{
      .stores = examine_stores(chosen, {.read_bytes = asked.read_bytes, .probe_writes = asked.probe_writes})};
  auto report = compare(chosen, asked, found.stores);
  const bool remote = has_remote_stores(chosen);
  if (!report && !remote) return refuse(report.error());
  if (report) {
    found.compared = std::move(*report);
  } else {
    found.not_compared = report.error().message;
  }
  fmt::print("{}", asked.json ? to_json(found) : to_text(found));
  const bool looked = std::ranges::any_of(found.stores, [](const domain::store_report& one) {
    return one.reached && domain::is_about_a_store(one);
  });
  if (!looked) return failed;
  return found.in_order() ? in_order : differs;
}

int gc(const settings& chosen, const command& asked) {
  const logging log(chosen);
  auto data = existing_data::open(chosen, asked.dry_run ? whose::looked_at : whose::made_sure_of);
  if (!data) return refuse(data.error());
  const auto text =
      run_to_end(asked.dry_run ? describe_gc(**data) : collect_garbage(**data, asked.erase_unknown));
  if (!text) return refuse(text.error());
  fmt::print("{}", *text);
  return in_order;
}

int rebuild_catalog(const settings& chosen) {
  const logging log(chosen);
  auto data = existing_data::open(chosen, whose::made_sure_of);
  if (!data) return refuse(data.error());
  const auto done = run_to_end(rebuild(**data));
  if (!done) return refuse(done.error());
  fmt::print("The catalog is written again. Files: {}; tasks done: {}.\n", done->files, done->tasks);
  return in_order;
}

int adopt(const settings& chosen) {
  const logging log(chosen);
  auto data = existing_data::open(chosen, whose::unchecked);
  if (!data) return refuse(data.error());
  const auto done = run_to_end(data.value()->adopt());
  if (!done) return refuse(done.error());
  fmt::print(
      "The files and the catalog belong to these records now. Look at them with `dossier doctor` before "
      "anything is erased.\n");
  return in_order;
}

int migrate(const settings& chosen, const command& asked) {
  const logging log(chosen);
  aws_session aws;
  const auto where = locations_of(chosen, aws);
  if (!where) return refuse(where.error());
  const auto status = stores::migration_status(*where, options_of(chosen, *where, aws));
  if (!status) return refuse(status.error());
  int missing = 0;
  bool newer = false;
  for (const auto* database : {&status->records, &status->catalog}) {
    for (const auto& script : *database) {
      if (asked.dry_run) fmt::print("{}  {}\n", script.applied ? "applied " : "to apply", script.name);
      missing += script.applied ? 0 : 1;
      newer |= script.newer;
    }
  }
  if (asked.dry_run || missing == 0) {
    fmt::print("{} to apply.{}\n", missing,
               missing > 0 ? ""
               : newer     ? one_ahead
                           : " The schema is this version's.");
    return in_order;
  }
  const auto lock = lock_for(*where);
  if (!lock) return refuse(lock.error());
  const base::system_clock clock;
  const auto opened = open_stores(chosen, *where, clock, {}, aws);
  if (!opened) return refuse(opened.error());
  fmt::print("Applied {}. The schema is this version's.\n", opened->migrated);
  return in_order;
}

}  // namespace dossier::app
