// Copies from an origin (origin_reader.h) into the stores of Dossier: the people with their ids, and each
// file whose author is exactly one of them. Nothing at the origin is changed. What is not imported is listed
// with the reason.
//
// It may be run again at any time: what was imported is remembered (import_key() in origin_rules.h) and not
// imported again, and an interrupted run is continued. Memory grows with the number of people and files, by
// some hundred bytes for each, but not with the size of the files.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/random.h"
#include "base/result.h"
#include "domain/intake.h"
#include "domain/lease_keeper.h"
#include "domain/object_store.h"
#include "domain/origin_reader.h"
#include "domain/origin_rules.h"
#include "domain/records.h"

namespace dossier::domain {

enum class person_obstacle {
  wrong_details,  // `problems` lists them
  number_taken,   // another person in Dossier has this number
  changed,        // imported before, and changed at the origin since; this is not imported
};
std::string_view to_string(person_obstacle why);

struct left_person {
  std::string id;
  person_obstacle why = person_obstacle::wrong_details;
  std::vector<origin_problem> problems;
};

struct left_file {
  origin_object object;
  std::optional<std::string> author;
  file_obstacle why = file_obstacle::no_item;
  std::vector<std::string> people;  // ids of all people who have the author's name
};

struct import_counts {
  std::int64_t seen = 0;
  std::int64_t imported = 0;  // or would be imported, without `apply`
  std::int64_t already = 0;
  std::int64_t deleted = 0;  // people only: imported before and deleted in Dossier since; not imported again
};

struct import_report {
  bool applied = false;
  import_counts people;
  import_counts files;
  std::uint64_t bytes = 0;               // of the files imported
  std::vector<left_person> left_people;  // in order of id
  std::vector<left_file> left_files;     // in order of key
  std::vector<origin_item> left_items;   // of objects that do not exist, in order of filename
  std::int64_t other_objects = 0;        // in the bucket, but not made by the origin

  bool complete() const { return left_people.empty() && left_files.empty() && left_items.empty(); }
};

struct import_progress {
  std::int64_t people = 0;  // looked at, so far
  std::int64_t people_total = 0;
  std::int64_t files = 0;
  std::int64_t files_total = 0;
  std::uint64_t bytes = 0;
};

struct import_options {
  bool apply = false;
  std::uint64_t file_bytes = 5ULL << 30;  // larger files are not imported
  int files_of_person = 1'000;            // further files are not imported
  milliseconds lease{15'000};
  milliseconds commit_pause{200};  // the wait before a commit whose answer was lost is sent again
  std::function<void(const import_progress&)> progress = {};
};

// Where to import to. With `apply` both are needed. Without it only the records are read, and null means that
// there are none yet.
struct import_target {
  domain::records* records = nullptr;
  domain::object_store* objects = nullptr;
};

// One import. Call run() once.
class origin_import {
 public:
  origin_import(origin_reader& from, import_target to, base::random_source& random, import_options how);

  // An error ends the import. What was imported until then is kept, and the next import continues from there.
  awaitable<result<import_report>> run();

 private:
  struct copy_job;
  struct page_of_people;

  awaitable<void> import_all();
  awaitable<result<void>> import_people();
  awaitable<void> people_lane(page_of_people& page);
  awaitable<result<standing>> take_person(const origin_person& row);
  awaitable<result<standing>> insert_person(const importable_person& one);
  awaitable<result<standing>> compare_person(const importable_person& one, earlier_submission earlier);
  standing leave(const origin_person& row, person_obstacle why, std::vector<origin_problem> problems = {});

  awaitable<result<void>> read_items();
  awaitable<result<void>> list_objects();
  awaitable<result<void>> import_files();
  awaitable<void> files_lane(std::size_t& next);
  awaitable<result<void>> take_file(const origin_object& object);
  awaitable<result<void>> copy(const copy_job& job);
  awaitable<result<void>> copy_bytes(const copy_job& job, file_id row, const object_key& key);
  awaitable<result<std::variant<file_id, earlier_submission>>> begin(const copy_job& job,
                                                                     const object_key& key);
  awaitable<result<std::variant<person, earlier_submission>>> commit(commit_request request);
  void leave(const origin_object& object, file_obstacle why, std::vector<std::string> people);

  awaitable<result<std::optional<earlier_submission>>> find_earlier(idempotency_key key);
  void tell() const;

  origin_reader& origin_;
  import_target to_;
  base::random_source& random_;
  import_options how_;
  std::optional<lease_keeper> leases_;
  bool begun_ = false;

  people_by_name names_;
  std::map<std::string, std::optional<std::string>, std::less<>> authors_;  // by filename
  std::vector<origin_object> objects_;
  import_report report_;
  import_progress progress_;
  std::optional<base::error> failed_;
};

}  // namespace dossier::domain
