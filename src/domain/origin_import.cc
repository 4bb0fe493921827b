#include "domain/origin_import.h"

#include <algorithm>
#include <utility>

#include "base/expects.h"
#include "base/log.h"
#include "base/waiting.h"
#include "domain/hashing.h"
#include "domain/validation.h"

namespace dossier::domain {
namespace {

using base::error_code;

constexpr int people_at_a_time = 500;
constexpr int objects_at_a_time = 1000;
constexpr int people_at_once = 8;  // so that their transactions share a sync
constexpr int files_at_once = 4;
constexpr int commit_tries = 5;  // when the answer is lost

// Stops the renewal of the leases when the work ends, also after an exception.
class keeper_stopper {
 public:
  explicit keeper_stopper(lease_keeper& which) : which_(which) {}
  ~keeper_stopper() { which_.stop(); }
  keeper_stopper(const keeper_stopper&) = delete;
  keeper_stopper& operator=(const keeper_stopper&) = delete;

 private:
  lease_keeper& which_;
};

// Puts shorter texts first, so that numbers are in order: "file-id-9" before "file-id-10".
bool before(const std::string& one, const std::string& other) {
  return one.size() != other.size() ? one.size() < other.size() : one < other;
}

}  // namespace

std::string_view to_string(person_obstacle why) {
  switch (why) {
    case person_obstacle::wrong_details:
      return "wrong_details";
    case person_obstacle::number_taken:
      return "number_taken";
    case person_obstacle::changed:
      return "changed";
  }
  base::not_reached();
}

// Several coroutines take rows from it. `taken` holds the result for each row, in the order of the rows.
struct origin_import::page_of_people {
  std::vector<origin_person> rows;
  std::vector<standing> taken;
  std::size_t next = 0;
};

// A file that is being copied to a person, with a lease of its own.
struct origin_import::copy_job {
  origin_object object;
  std::string name;
  person_id owner;
  std::vector<std::string> people;
  lease_token lease;
};

origin_import::origin_import(origin_reader& from, import_target to, base::random_source& random,
                             import_options how)
    : origin_(from), to_(to), random_(random), how_(std::move(how)) {
  base::expects(!how_.apply || (to_.records != nullptr && to_.objects != nullptr),
                "an import that is applied has records and objects to import to");
  base::expects(how_.lease > milliseconds(0), "an upload has a lease");
  base::expects(how_.files_of_person > 0, "a person may have a file");
  report_.applied = how_.apply;
}

awaitable<result<import_report>> origin_import::run() {
  base::expects(!std::exchange(begun_, true), "an import runs once");
  if (how_.apply) {
    leases_.emplace(*to_.records, how_.lease);
    std::vector<awaitable<void>> both;
    both.push_back(leases_->run());
    both.push_back(import_all());
    co_await base::when_all(std::move(both));
  } else {
    co_await import_all();
  }
  if (failed_) co_return std::unexpected(std::move(*failed_));
  std::ranges::sort(report_.left_people, before, &left_person::id);
  std::ranges::sort(report_.left_files, before, [](const left_file& one) { return one.object.key; });
  co_return std::move(report_);
}

awaitable<void> origin_import::import_all() {
  std::optional<keeper_stopper> at_end;
  if (leases_) at_end.emplace(*leases_);
  auto done = co_await import_people();
  if (done) done = co_await read_items();
  if (done) done = co_await list_objects();
  if (done) done = co_await import_files();
  if (!done) failed_ = std::move(done.error());
}

// --- People

awaitable<result<void>> origin_import::import_people() {
  auto count = co_await origin_.count_people();
  if (!count) co_return base::pass(count);
  progress_.people_total = *count;
  std::string after;
  for (;;) {
    auto page = co_await origin_.people(after, people_at_a_time);
    if (!page) co_return base::pass(page);
    if (page->empty()) co_return result<void>();
    page_of_people work{.rows = std::move(*page), .taken = {}, .next = 0};
    work.taken.resize(work.rows.size());
    std::vector<awaitable<void>> lanes;
    for (int i = 0; i < people_at_once; ++i) lanes.push_back(people_lane(work));
    co_await base::when_all(std::move(lanes));
    if (failed_) co_return std::unexpected(std::move(*failed_));
    base::expects(work.next == work.rows.size(), "every person of the page was looked at");
    for (std::size_t i = 0; i < work.rows.size(); ++i) names_.add(work.rows[i], work.taken[i]);
    after = work.rows.back().id;
  }
}

awaitable<void> origin_import::people_lane(page_of_people& page) {
  while (page.next < page.rows.size() && !failed_) {
    const auto at = page.next++;
    auto how = co_await take_person(page.rows[at]);
    if (!how) {
      failed_ = std::move(how.error());
      co_return;
    }
    page.taken[at] = *how;
    ++report_.people.seen;
    ++progress_.people;
    tell();
  }
}

awaitable<result<standing>> origin_import::take_person(const origin_person& row) {
  auto checked = check_person(row);
  if (auto* problems = std::get_if<std::vector<origin_problem>>(&checked)) {
    co_return leave(row, person_obstacle::wrong_details, std::move(*problems));
  }
  const auto& one = std::get<importable_person>(checked);
  auto earlier = co_await find_earlier(import_key(one.id));
  if (!earlier) co_return base::pass(earlier);
  auto taken = *earlier ? co_await compare_person(one, **earlier) : co_await insert_person(one);
  if (!taken && taken.error().code == error_code::conflict)
    co_return leave(row, person_obstacle::number_taken);
  co_return taken;
}

// conflict: another person in Dossier has this number.
awaitable<result<standing>> origin_import::insert_person(const importable_person& one) {
  if (how_.apply) {
    commit_request request{.lease = {random_.token()},
                           .lease_for = how_.lease,
                           .person = {},
                           .details = one.details,
                           .new_id = one.id,
                           .files = {},
                           .claim = import_key(one.id),
                           .fingerprint = fingerprint_of(one.details)};
    auto committed = co_await commit(std::move(request));
    if (!committed) co_return base::pass(committed);
    // Another import may have been quicker.
    if (auto* earlier = std::get_if<earlier_submission>(&*committed)) {
      co_return co_await compare_person(one, *earlier);
    }
  } else if (to_.records != nullptr) {
    auto found = co_await to_.records->find_person(one.id);
    if (found) co_return base::fail(error_code::conflict, "Somebody has this number already.");
    if (found.error().code != error_code::not_found) co_return base::pass(found);
  }
  ++report_.people.imported;
  co_return standing::here;
}

awaitable<result<standing>> origin_import::compare_person(const importable_person& one,
                                                          earlier_submission earlier) {
  base::expects(to_.records != nullptr, "records that know of a person are there");
  auto found = co_await to_.records->find_person(one.id);
  if (!found && found.error().code == error_code::not_found) {
    ++report_.people.deleted;
    co_return standing::gone;
  }
  if (!found) co_return base::pass(found);
  ++report_.people.already;
  if (earlier.fingerprint != fingerprint_of(one.details)) {
    report_.left_people.push_back({std::to_string(one.id.value), person_obstacle::changed, {}});
  }
  co_return standing::here;
}

standing origin_import::leave(const origin_person& row, person_obstacle why,
                              std::vector<origin_problem> problems) {
  report_.left_people.push_back({row.id, why, std::move(problems)});
  return standing::left_out;
}

// --- Files

awaitable<result<void>> origin_import::read_items() {
  std::string from;
  do {
    auto page = co_await origin_.items(from);
    if (!page) co_return base::pass(page);
    for (auto& one : page->items) authors_.emplace(std::move(one.filename), std::move(one.author));
    from = std::move(page->next);
  } while (!from.empty());
  co_return result<void>();
}

awaitable<result<void>> origin_import::list_objects() {
  auto without_object = authors_;
  std::string after;
  for (;;) {
    auto page = co_await origin_.objects(after, objects_at_a_time);
    if (!page) co_return base::pass(page);
    if (page->empty()) break;
    after = page->back().key;
    for (auto& one : *page) {
      without_object.erase(one.key);
      if (!is_origin_key(one.key) && !authors_.contains(one.key)) {
        ++report_.other_objects;
        continue;
      }
      objects_.push_back(std::move(one));
    }
  }
  // The origin numbered its files in the order in which they came. This keeps about the same order here.
  std::ranges::sort(objects_, before, &origin_object::key);
  for (auto& [filename, author] : without_object) report_.left_items.push_back({filename, author});
  progress_.files_total = std::ssize(objects_);
  co_return result<void>();
}

awaitable<result<void>> origin_import::import_files() {
  std::size_t next = 0;
  std::vector<awaitable<void>> lanes;
  for (int i = 0; i < files_at_once; ++i) lanes.push_back(files_lane(next));
  co_await base::when_all(std::move(lanes));
  if (failed_) co_return std::unexpected(std::move(*failed_));
  base::expects(next == objects_.size(), "every file was looked at");
  co_return result<void>();
}

awaitable<void> origin_import::files_lane(std::size_t& next) {
  while (next < objects_.size() && !failed_) {
    const auto& object = objects_[next++];
    auto taken = co_await take_file(object);
    if (!taken) {
      failed_ = std::move(taken.error());
      co_return;
    }
    ++report_.files.seen;
    ++progress_.files;
    progress_.bytes = report_.bytes;
    tell();
  }
}

awaitable<result<void>> origin_import::take_file(const origin_object& object) {
  auto earlier = co_await find_earlier(import_key(object));
  if (!earlier) co_return base::pass(earlier);
  if (*earlier) {
    ++report_.files.already;
    co_return result<void>();
  }
  const auto item = authors_.find(object.key);
  auto match = names_.find(item == authors_.end() ? std::nullopt : item->second);
  if (const auto* why = std::get_if<file_obstacle>(&match.answer)) {
    leave(object, *why, std::move(match.ids));
    co_return result<void>();
  }
  if (object.size > how_.file_bytes) {
    leave(object, file_obstacle::too_large, std::move(match.ids));
    co_return result<void>();
  }
  if (how_.apply) {
    copy_job job{object, clean_file_name(object.key).value_or("file"), std::get<person_id>(match.answer),
                 std::move(match.ids), lease_token{random_.token()}};
    co_return co_await copy(job);
  }
  ++report_.files.imported;
  report_.bytes += object.size;
  co_return result<void>();
}

// As with any submission, the row and the claim are written before the bytes: if the import is interrupted,
// its lease ends and the worker cleans up.
awaitable<result<void>> origin_import::copy(const copy_job& job) {
  base::expects(leases_.has_value(), "files are copied only when the import is applied");
  const object_key key{random_.token()};
  leases_->add(job.lease);
  auto begun = co_await begin(job, key);
  result<void> done;
  if (!begun) {
    done = base::pass(begun);
  } else if (const auto* row = std::get_if<file_id>(&*begun)) {
    done = co_await copy_bytes(job, *row, key);
  } else {
    ++report_.files.already;
  }
  leases_->remove(job.lease);
  if (done) co_return done;
  // If this fails, nothing is lost: the lease ends by itself, and the worker cleans up.
  auto abandoned = co_await to_.records->abandon_submission(job.lease);
  if (!abandoned) base::log_warning("upload not given up", {{"reason", abandoned.error().message}});
  const bool person_is_full = done.error().code == error_code::invalid && !done.error().fields.empty();
  if (person_is_full) {
    leave(job.object, file_obstacle::person_full, job.people);
    co_return result<void>();
  }
  if (done.error().code != error_code::not_found) co_return done;
  leave(job.object, file_obstacle::vanished, job.people);
  co_return result<void>();
}

// not_found: the object or the person was deleted. invalid: the person has as many files as a person may
// have.
awaitable<result<void>> origin_import::copy_bytes(const copy_job& job, file_id row, const object_key& key) {
  auto bytes = co_await origin_.open(job.object);
  if (!bytes) co_return base::pass(bytes);
  hashing_source hashed(**bytes, how_.file_bytes);
  auto put = co_await to_.objects->put(key, hashed);
  if (!put) co_return put;
  const auto size = hashed.size();
  const auto digest = hashed.digest();
  commit_request request{
      .lease = job.lease,
      .lease_for = how_.lease,
      .person = job.owner,
      .details = {},
      .new_id = {},
      .files = {{.id = row, .size = size, .digest = digest, .media_type = std::string(hashed.media_type())}},
      .claim = import_key(job.object),
      .fingerprint = digest,
      .most_files = how_.files_of_person};
  auto committed = co_await commit(std::move(request));
  if (!committed) co_return base::pass(committed);
  ++report_.files.imported;
  report_.bytes += size;
  co_return result<void>();
}

// A run that was killed holds its claim until its lease ends, so after a conflict this waits and tries again.
awaitable<result<std::variant<file_id, earlier_submission>>> origin_import::begin(const copy_job& job,
                                                                                  const object_key& key) {
  const begin_file_request request{.lease = job.lease,
                                   .lease_for = how_.lease,
                                   .key = key,
                                   .name = job.name,
                                   .claim = import_key(job.object)};
  const auto give_up = std::chrono::steady_clock::now() + 3 * how_.lease;
  for (;;) {
    auto begun = co_await to_.records->begin_file(request);
    if (begun || begun.error().code != error_code::conflict) co_return begun;
    if (std::chrono::steady_clock::now() > give_up) {
      co_return base::fail(error_code::conflict, "Another import is under way. Wait for its end.");
    }
    base::sleeper pause;
    co_await pause.sleep(std::chrono::milliseconds(500));
  }
}

awaitable<result<std::variant<person, earlier_submission>>> origin_import::commit(commit_request request) {
  for (int attempt = 1;; ++attempt) {
    auto committed = co_await to_.records->commit_submission(request);
    if (committed || committed.error().code != error_code::unavailable || attempt == commit_tries) {
      co_return committed;
    }
    base::sleeper pause;
    co_await pause.sleep(attempt * how_.commit_pause);
  }
}

void origin_import::leave(const origin_object& object, file_obstacle why, std::vector<std::string> people) {
  const auto item = authors_.find(object.key);
  report_.left_files.push_back(
      {object, item == authors_.end() ? std::nullopt : item->second, why, std::move(people)});
}

awaitable<result<std::optional<earlier_submission>>> origin_import::find_earlier(idempotency_key key) {
  if (to_.records == nullptr) co_return std::nullopt;
  co_return co_await to_.records->find_submission(std::move(key));
}

void origin_import::tell() const {
  if (how_.progress) how_.progress(progress_);
}

}  // namespace dossier::domain
