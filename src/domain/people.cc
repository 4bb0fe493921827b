#include "domain/people.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "base/expects.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/text_policy.h"
#include "domain/worker.h"

namespace dossier::domain {
namespace {

constexpr int most_pages = 3;  // pages of the records that are read, a hundred people each
constexpr std::size_t most_spellings = 20;
constexpr char of_several = '~';  // first character of a `next` that names its spelling
constexpr std::size_t mark_length = 16;

// Spellings by mark. A `next` holds a mark, so that a spelling that is added or removed does not move the
// others.
using spellings = std::map<std::string, std::string>;

std::string mark_of(std::string_view name) {
  base::sha256 hash;
  hash.update(name);
  return base::to_hex(hash.finish()).substr(0, mark_length);
}

// People whose names are the same after folding follow each other in the order by name, the lowest id first.
awaitable<result<spellings>> spellings_of(records& people, const std::string& author) {
  spellings found{{mark_of(author), author}};
  const auto folded = base::fold(author);
  people_query query;
  query.sort = people_sort::name;
  query.limit = 100;
  query.cursor =
      people_cursor{.sort = people_sort::name, .backwards = false, .key = base::sort_key(author), .id = 0};
  for (int read = 0; read < most_pages; ++read) {
    auto page = co_await people.list_people(query);
    if (!page) co_return base::pass(page);
    for (const auto& who : page->items) {
      if (base::fold(who.details.name()) != folded || found.size() == most_spellings) co_return found;
      found.emplace(mark_of(who.details.name()), who.details.name());
    }
    if (!page->next) break;
    query.cursor = std::move(page->next);
  }
  co_return found;
}

struct position {
  std::string mark;
  std::string from;  // within that spelling
};

position position_of(const spellings& all, const std::string& author, const std::string& from) {
  if (from.empty()) return {all.begin()->first, ""};
  if (from.front() != of_several || from.size() <= mark_length) return {mark_of(author), from};
  return {from.substr(1, mark_length), from.substr(1 + mark_length)};
}

}  // namespace

awaitable<result<catalog_page>> list_author_files(records& people, catalog& items, std::string author,
                                                  std::string from, int limit) {
  auto all = co_await spellings_of(people, author);
  if (!all) co_return base::pass(all);
  if (all->size() == 1 && !from.starts_with(of_several))
    co_return co_await items.by_author(author, from, limit);
  auto at = position_of(*all, author, from);
  catalog_page shown;
  for (auto each = all->lower_bound(at.mark); each != all->end(); ++each) {
    const auto room = limit - static_cast<int>(shown.items.size());
    if (room <= 0) {
      shown.next = of_several + each->first;
      break;
    }
    auto page = co_await items.by_author(each->second, each->first == at.mark ? at.from : "", room);
    if (!page) co_return page;
    std::ranges::move(page->items, std::back_inserter(shown.items));
    if (page->next) {
      shown.next = of_several + each->first + *page->next;
      break;
    }
  }
  co_return shown;
}

namespace {

constexpr int history_length = 50;
constexpr int suggestions = 30;
// The most look-ups in the catalog for one page of an author's files; the next page goes on from there.
constexpr int most_look_ups = 10;

// True if the store has no bytes of the file, or fewer than its row says.
bool says_that_bytes_are_lost(const base::error& why) {
  return why.code == base::error_code::not_found || why.code == base::error_code::internal;
}

// If it is not known whether the change was made, the message then says so, and what to do.
template <class T>
result<T> in_doubt(result<T> changed, std::string_view what_may_be) {
  if (!changed && changed.error().may_have_happened) {
    changed.error().message =
        std::string(what_may_be) + ": the answer of the records was lost. Look again before you repeat it.";
  }
  return changed;
}

}  // namespace

people::people(records& people, object_store& objects, catalog& items, worker& tasks)
    : records_(people), objects_(objects), catalog_(items), worker_(tasks) {}

awaitable<result<person>> people::find(person_id id) {
  return records_.find_person(id);
}

awaitable<result<people_page>> people::list(people_query query) {
  base::expects(query.limit >= 1 && query.limit <= 100, "a page has 1 to 100 people");
  return records_.list_people(std::move(query));
}

awaitable<result<std::vector<history_entry>>> people::history(person_id id) {
  return records_.history(id, history_length);
}

awaitable<result<std::vector<std::string>>> people::recent_values(std::size_t field) {
  base::expects(field < detail_fields().size(), "a detail is one of those in the table of fields");
  return records_.recent_values(field, suggestions);
}

awaitable<result<person>> people::edit(person_id id, details_draft change,
                                       std::optional<std::int64_t> expected_version, actor by) {
  auto current = co_await records_.find_person(id);
  if (!current) co_return current;
  if (expected_version && current->version != *expected_version) {
    co_return base::fail(base::error_code::stale, "This record has changed since you opened it.");
  }
  auto changed = validate_change(current->details, change);
  if (!changed) co_return base::pass(changed);
  // The draft was applied to what was just read. With the version of that, no change made in between is lost.
  auto updated = co_await records_.update_person(id, std::move(*changed), current->version, std::move(by));
  if (updated) worker_.wake();
  co_return in_doubt(std::move(updated), "The change may have been made");
}

awaitable<result<void>> people::remove(person_id id, std::optional<std::int64_t> expected_version, actor by) {
  auto removed = co_await records_.delete_person(id, expected_version, std::move(by));
  if (removed) worker_.wake();
  co_return in_doubt(std::move(removed), "The record may have been deleted");
}

awaitable<result<files_page>> people::list_files(files_query query) {
  base::expects(query.limit >= 1 && query.limit <= 100, "a page has 1 to 100 files");
  return records_.list_files(query);
}

awaitable<result<file>> people::find_file(file_id id) {
  return records_.find_file(id);
}

awaitable<result<void>> people::remove_file(file_id id, actor by) {
  auto removed = co_await records_.delete_file(id, std::move(by));
  if (removed) worker_.wake();
  co_return in_doubt(std::move(removed), "The file may have been removed");
}

awaitable<result<std::unique_ptr<base::byte_source>>> people::open(file which, std::uint64_t offset,
                                                                   std::uint64_t length) {
  base::expects(offset <= which.size && length <= which.size - offset, "what is read lies within the file");
  auto opened = co_await objects_.open(which.key, offset, length);
  if (opened || !says_that_bytes_are_lost(opened.error())) co_return opened;
  // The file may have been deleted since it was looked up; then it has no bytes either.
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
  base::expects(limit > 0, "a page has room for a file");
  const auto folded = base::fold(author);
  catalog_page shown;
  for (int look_up = 1;; ++look_up) {
    auto page = co_await list_author_files(records_, catalog_, author, from,
                                           limit - static_cast<int>(shown.items.size()));
    if (!page) co_return page;
    if (auto kept = co_await keep_what_is_so(folded, page->items); !kept) co_return base::pass(kept);
    std::ranges::move(page->items, std::back_inserter(shown.items));
    shown.next = std::move(page->next);
    const bool full = std::ssize(shown.items) >= limit;
    if (!shown.next || full || look_up == most_look_ups) co_return shown;
    from = *shown.next;
  }
}

// Keeps only the items that agree with the records. The catalog is written a moment after the records, but a
// change that was acknowledged must show at once.
awaitable<result<void>> people::keep_what_is_so(const std::string& folded_author,
                                                std::vector<catalog_item>& items) {
  if (items.empty()) co_return result<void>();
  std::vector<object_key> keys;
  for (const auto& item : items) keys.push_back(item.key);
  auto rows = co_await records_.find_rows(std::move(keys));
  if (!rows) co_return base::pass(rows);
  std::set<object_key> so;
  for (const auto& row : *rows) {
    if (row.state == file_state::stored && base::fold(row.author) == folded_author) so.insert(row.file.key);
  }
  std::erase_if(items, [&](const catalog_item& item) { return !so.contains(item.key); });
  co_return result<void>();
}

}  // namespace dossier::domain
