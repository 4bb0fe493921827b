#include "domain/people.h"

#include "base/log.h"
#include "domain/author_files.h"
#include "domain/worker.h"

namespace dossier::domain {
namespace {

constexpr int history_length = 50;
constexpr int suggestions = 30;

// None at all, or fewer than the row says.
bool says_that_bytes_are_lost(const base::error& why) {
  return why.code == base::error_code::not_found || why.code == base::error_code::internal;
}

}  // namespace

people::people(records& people, object_store& objects, catalog& items, worker& tasks)
    : records_(people), objects_(objects), catalog_(items), worker_(tasks) {}

awaitable<result<person>> people::find(person_id id) {
  return records_.find_person(id);
}

awaitable<result<people_page>> people::list(people_query query) {
  return records_.list_people(std::move(query));
}

awaitable<result<std::vector<history_entry>>> people::history(person_id id) {
  return records_.history(id, history_length);
}

awaitable<result<std::vector<std::string>>> people::recent_technologies() {
  return records_.recent_technologies(suggestions);
}

awaitable<result<person>> people::edit(person_id id, details_draft change,
                                       std::optional<std::int64_t> expected_version) {
  auto current = co_await records_.find_person(id);
  if (!current) co_return current;
  if (expected_version && current->version != *expected_version) {
    co_return base::fail(base::error_code::stale, "This record has changed since you opened it.");
  }
  auto changed = validate_change(current->details, change);
  if (!changed) co_return base::pass(changed);
  // A change to some fields is one to what was just read: between the two, nobody else's may be lost.
  auto updated = co_await records_.update_person(id, std::move(*changed), current->version);
  if (updated) worker_.wake();
  co_return updated;
}

awaitable<result<void>> people::remove(person_id id, std::optional<std::int64_t> expected_version) {
  auto removed = co_await records_.delete_person(id, expected_version);
  if (removed) worker_.wake();
  co_return removed;
}

awaitable<result<file>> people::find_file(file_id id) {
  return records_.find_file(id);
}

awaitable<result<void>> people::remove_file(file_id id) {
  auto removed = co_await records_.delete_file(id);
  if (removed) worker_.wake();
  co_return removed;
}

awaitable<result<std::unique_ptr<base::byte_source>>> people::open(file which, std::uint64_t offset,
                                                                   std::uint64_t length) {
  auto opened = co_await objects_.open(which.key, offset, length);
  if (opened || !says_that_bytes_are_lost(opened.error())) co_return opened;
  // A file that was deleted since it was looked up has no bytes either.
  auto still = co_await records_.find_file(which.id);
  if (!still) co_return base::pass(still);
  base::log_error("file's bytes are missing", {{"file", which.id.value},
                                               {"object", which.key.value},
                                               {"reason", opened.error().message},
                                               {"what_to_do", "run dossier doctor"}});
  co_return base::fail(
      base::error_code::internal,
      "The file's bytes are missing. Whoever runs this server: `dossier doctor` tells more.");
}

awaitable<result<std::optional<std::string>>> people::link(file which, link_headers shown) {
  return objects_.link(std::move(which.key), std::move(shown));
}

awaitable<result<catalog_page>> people::files_by_author(std::string author, std::string from, int limit) {
  return list_author_files(records_, catalog_, std::move(author), std::move(from), limit);
}

}  // namespace dossier::domain
