#include "domain/doctor.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "domain/unknown_objects.h"

namespace dossier::domain {
namespace {

constexpr int batch = 500;

catalog_item expected_item(const file_row& row) {
  return {.key = row.file.key,
          .author = row.author,
          .person = row.file.person,
          .file = row.file.id,
          .name = row.file.name,
          .size = row.file.size,
          .digest = row.file.digest,
          .media_type = row.file.media_type,
          .created_at = row.file.created_at};
}

// One examination. First it lists the objects and the items, compares them with their rows and remembers
// those that are right. Then it reads all rows, and checks every other file by itself. So every difference is
// checked twice, because a file may change between reading one store and the next.
class examination {
 public:
  examination(records& people, object_store& objects, catalog& items, doctor_options options)
      : records_(people), objects_(objects), catalog_(items), options_(options) {
    base::expects(options_.max_findings >= 0, "a count of findings is not negative");
  }

  awaitable<result<doctor_report>> run();

 private:
  awaitable<result<void>> list_objects();
  awaitable<result<void>> list_items();
  // Returns whether there are rows beyond the window.
  awaitable<result<bool>> examine_rows();
  awaitable<result<void>> examine_unclaimed_object(const object_key& key);
  awaitable<result<void>> examine_unclaimed_item(const object_key& key);
  awaitable<result<void>> examine_remains();
  awaitable<result<std::vector<object_key>>> unfinished_without_row();
  awaitable<result<void>> examine_row(const file_row& row);
  awaitable<result<void>> examine_stored(const file_row& row);
  awaitable<result<std::optional<finding_kind>>> compare_object(const file_row& row);
  awaitable<result<std::optional<finding_kind>>> compare_item(const file_row& row);
  template <class Value>
  awaitable<result<std::vector<file_row>>> rows_of(const std::map<object_key, Value>& keyed);
  awaitable<result<bool>> same_bytes(const file& which);
  awaitable<result<bool>> still(const file_row& row);
  awaitable<result<void>> report_orphan(finding_kind kind, object_key key);
  awaitable<result<void>> mend_rows();
  void note(finding_kind kind, const file& which);

  records& records_;
  object_store& objects_;
  catalog& catalog_;
  doctor_options options_;
  doctor_report report_;
  std::vector<file_id> to_mend_;
  std::int64_t window_ = 0;  // rows after this id are compared now
  seen_files sound_objects_;
  seen_files sound_items_;
};

awaitable<result<doctor_report>> examination::run() {
  if (options_.repair && !options_.erase_unknown) {
    if (auto few = co_await check_unknown_objects(records_, objects_); !few) co_return base::pass(few);
  }
  for (bool more = true; more; window_ += seen_files::window) {
    sound_objects_ = seen_files(window_);
    sound_items_ = seen_files(window_);
    if (auto objects = co_await list_objects(); !objects) co_return base::pass(objects);
    if (auto items = co_await list_items(); !items) co_return base::pass(items);
    const auto rows = co_await examine_rows();
    if (!rows) co_return std::unexpected(rows.error());
    more = *rows;
  }
  if (auto remains = co_await examine_remains(); !remains) co_return base::pass(remains);
  co_return std::move(report_);
}

awaitable<result<bool>> examination::examine_rows() {
  const file_id end{window_ + seen_files::window};
  file_id after{window_};
  for (;;) {
    auto rows = co_await records_.scan_files(after, batch);
    if (!rows) co_return base::pass(rows);
    if (rows->empty()) co_return false;
    for (const auto& row : *rows) {
      if (row.file.id.value > end.value) co_return true;
      if (auto examined = co_await examine_row(row); !examined) co_return base::pass(examined);
    }
    after = rows->back().file.id;
    if (auto mended = co_await mend_rows(); !mended) co_return base::pass(mended);
  }
}

awaitable<result<void>> examination::examine_row(const file_row& row) {
  if (row.state == file_state::stored) co_return co_await examine_stored(row);
  if (row.owed) {
    ++report_.in_progress;
    co_return result<void>();
  }
  const auto same = co_await still(row);
  if (!same) co_return std::unexpected(same.error());
  if (*same) {
    note(finding_kind::missing_task, row.file);
    if (options_.repair) to_mend_.push_back(row.file.id);
  }
  co_return result<void>();
}

awaitable<result<void>> examination::examine_stored(const file_row& row) {
  ++report_.files;
  auto object = co_await compare_object(row);
  if (!object) co_return base::pass(object);
  auto item = co_await compare_item(row);
  if (!item) co_return base::pass(item);
  if (!*object && !*item) co_return result<void>();
  const auto same = co_await still(row);
  if (!same) co_return std::unexpected(same.error());
  if (!*same) co_return result<void>();
  if (*object) note(**object, row.file);
  if (*item) {
    note(**item, row.file);
    if (options_.repair) to_mend_.push_back(row.file.id);
  }
  co_return result<void>();
}

awaitable<result<std::optional<finding_kind>>> examination::compare_object(const file_row& row) {
  if (sound_objects_.has(row.file.id) && !options_.read_bytes) co_return std::nullopt;
  auto size = co_await objects_.stat(row.file.key);
  if (!size) co_return base::pass(size);
  if (!*size) co_return finding_kind::missing_object;
  if (**size != row.file.size) co_return finding_kind::wrong_size;
  if (!options_.read_bytes) co_return std::nullopt;
  auto same = co_await same_bytes(row.file);
  if (!same) co_return base::pass(same);
  if (!*same) co_return finding_kind::damaged_object;
  co_return std::nullopt;
}

awaitable<result<std::optional<finding_kind>>> examination::compare_item(const file_row& row) {
  // A task will write the item, or the list has shown that it is right.
  if (row.owed || sound_items_.has(row.file.id)) co_return std::nullopt;
  auto item = co_await catalog_.find(row.file.key);
  if (!item) co_return base::pass(item);
  if (!*item) co_return finding_kind::missing_item;
  if (**item != expected_item(row)) co_return finding_kind::stale_item;
  co_return std::nullopt;
}

template <class Value>
awaitable<result<std::vector<file_row>>> examination::rows_of(const std::map<object_key, Value>& keyed) {
  if (keyed.empty()) co_return std::vector<file_row>();
  std::vector<object_key> keys;
  keys.reserve(keyed.size());
  for (const auto& [key, _] : keyed) keys.push_back(key);
  co_return co_await records_.find_rows(std::move(keys));
}

awaitable<result<bool>> examination::same_bytes(const file& which) {
  auto opened = co_await objects_.open(which.key, 0, which.size);
  if (!opened) co_return base::pass(opened);
  base::sha256 hash;
  for (;;) {
    auto view = co_await (*opened)->next();
    if (!view) co_return base::pass(view);
    if (view->empty()) break;
    hash.update(*view);
  }
  co_return hash.finish() == which.digest;
}

// Whether the row still has the same state, author and task as when it was read.
awaitable<result<bool>> examination::still(const file_row& row) {
  auto again = co_await records_.find_row(row.file.key);
  if (!again) co_return base::pass(again);
  co_return *again && (*again)->state == row.state && (*again)->owed == row.owed &&
      (*again)->author == row.author;
}

awaitable<result<void>> examination::list_objects() {
  object_key after;
  for (;;) {
    auto entries = co_await objects_.list(after, batch);
    if (!entries) co_return base::pass(entries);
    if (entries->empty()) co_return result<void>();
    after = entries->back().key;
    std::map<object_key, std::uint64_t> sizes;
    for (const auto& entry : *entries) sizes.emplace(entry.key, entry.size);
    auto rows = co_await rows_of(sizes);
    if (!rows) co_return base::pass(rows);
    for (const auto& row : *rows) {
      const auto at = sizes.find(row.file.key);
      if (at == sizes.end()) continue;
      if (at->second == row.file.size) sound_objects_.add(row.file.id);
      sizes.erase(at);
    }
    if (window_ > 0) continue;  // the first window has reported and counted all objects
    report_.objects += std::ssize(*entries);
    for (const auto& [key, size] : sizes) {
      if (auto examined = co_await examine_unclaimed_object(key); !examined) co_return examined;
    }
  }
}

awaitable<result<void>> examination::examine_unclaimed_object(const object_key& key) {
  auto row = co_await records_.find_row(key);
  if (!row) co_return base::pass(row);
  if (*row) co_return result<void>();
  // A row is deleted only after its object, so an object that is there without a row is an orphan.
  auto size = co_await objects_.stat(key);
  if (!size) co_return base::pass(size);
  if (!*size) co_return result<void>();
  co_return co_await report_orphan(finding_kind::orphan_object, key);
}

awaitable<result<void>> examination::examine_remains() {
  auto once = co_await unfinished_without_row();
  if (!once) co_return base::pass(once);
  if (once->empty()) co_return result<void>();
  // An upload may have been cleaned up, with its row, between reading the store and reading the rows.
  auto twice = co_await unfinished_without_row();
  if (!twice) co_return base::pass(twice);
  for (const auto& key : *once) {
    if (std::ranges::find(*twice, key) == twice->end()) continue;
    if (auto noted = co_await report_orphan(finding_kind::unfinished_object, key); !noted) co_return noted;
  }
  co_return result<void>();
}

awaitable<result<std::vector<object_key>>> examination::unfinished_without_row() {
  auto remains = co_await objects_.remains(batch);
  if (!remains) co_return base::pass(remains);
  report_.strangers = std::move(remains->strangers);
  std::vector<object_key> found;
  for (auto& key : remains->unfinished) {
    auto row = co_await records_.find_row(key);
    if (!row) co_return base::pass(row);
    if (!*row) found.push_back(std::move(key));
  }
  co_return found;
}

awaitable<result<void>> examination::list_items() {
  std::string from;
  for (;;) {
    auto page = co_await catalog_.scan(from, batch);
    if (!page) co_return base::pass(page);
    std::map<object_key, const catalog_item*> items;
    for (const auto& item : page->items) items.emplace(item.key, &item);
    auto rows = co_await rows_of(items);
    if (!rows) co_return base::pass(rows);
    for (const auto& row : *rows) {
      const auto at = items.find(row.file.key);
      if (at == items.end()) continue;
      if (*at->second == expected_item(row)) sound_items_.add(row.file.id);
      items.erase(at);
    }
    if (window_ == 0) {
      report_.items += std::ssize(page->items);
      for (const auto& [key, item] : items) {
        if (auto examined = co_await examine_unclaimed_item(key); !examined) co_return examined;
      }
    }
    if (!page->next) co_return result<void>();
    from = *page->next;
  }
}

awaitable<result<void>> examination::examine_unclaimed_item(const object_key& key) {
  auto row = co_await records_.find_row(key);
  if (!row) co_return base::pass(row);
  if (*row) co_return result<void>();
  auto found = co_await catalog_.find(key);
  if (!found) co_return base::pass(found);
  if (!*found) co_return result<void>();
  co_return co_await report_orphan(finding_kind::orphan_item, key);
}

awaitable<result<void>> examination::report_orphan(finding_kind kind, object_key key) {
  file nobody;
  nobody.key = key;
  note(kind, nobody);
  if (!options_.repair) co_return result<void>();
  ++report_.repaired;
  co_return co_await records_.adopt_orphan(std::move(key));
}

awaitable<result<void>> examination::mend_rows() {
  if (to_mend_.empty()) co_return result<void>();
  report_.repaired += static_cast<std::int64_t>(to_mend_.size());
  co_return co_await records_.owe_tasks(std::exchange(to_mend_, {}));
}

void examination::note(finding_kind kind, const file& which) {
  ++report_.total_findings;
  if (static_cast<int>(report_.findings.size()) >= options_.max_findings) return;
  const bool lost = kind == finding_kind::missing_object || kind == finding_kind::wrong_size ||
                    kind == finding_kind::damaged_object;
  report_.findings.push_back(
      {.kind = kind, .key = which.key, .file = which.id, .person = which.person, .mendable = !lost});
}

}  // namespace

awaitable<result<doctor_report>> examine(records& people, object_store& objects, catalog& items,
                                         doctor_options options) {
  examination one(people, objects, items, options);
  co_return co_await one.run();
}

awaitable<result<std::int64_t>> rebuild_catalog(records& people, catalog& items) {
  std::int64_t files = 0;
  file_id after;
  for (;;) {
    auto rows = co_await people.scan_files(after, batch);
    if (!rows) co_return base::pass(rows);
    if (rows->empty()) break;
    after = rows->back().file.id;
    std::vector<file_id> stored;
    for (const auto& row : *rows) {
      if (row.state == file_state::stored) stored.push_back(row.file.id);
    }
    files += static_cast<std::int64_t>(stored.size());
    if (auto owed = co_await people.owe_tasks(std::move(stored)); !owed) co_return base::pass(owed);
  }
  std::string from;
  for (;;) {
    auto page = co_await items.scan(from, batch);
    if (!page) co_return base::pass(page);
    std::set<object_key> unclaimed;
    for (const auto& item : page->items) unclaimed.insert(item.key);
    auto rows = co_await people.find_rows({unclaimed.begin(), unclaimed.end()});
    if (!rows) co_return base::pass(rows);
    for (const auto& row : *rows) unclaimed.erase(row.file.key);
    for (const auto& key : unclaimed) {
      auto row = co_await people.find_row(key);
      if (!row) co_return base::pass(row);
      if (*row) continue;
      if (auto erased = co_await items.erase(key); !erased) co_return base::pass(erased);
    }
    if (!page->next) co_return files;
    from = *page->next;
  }
}

}  // namespace dossier::domain
