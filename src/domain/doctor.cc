#include "domain/doctor.h"

#include <algorithm>
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

// One examination. Every difference is looked at twice: between reading one store and the other the file may
// have moved on.
class examination {
 public:
  examination(records& people, object_store& objects, catalog& items, doctor_options options)
      : records_(people), objects_(objects), catalog_(items), options_(options) {}

  awaitable<result<doctor_report>> run();

 private:
  awaitable<result<void>> examine_rows();
  awaitable<result<void>> examine_objects();
  awaitable<result<void>> examine_remains();
  awaitable<result<std::vector<object_key>>> unfinished_without_row();
  awaitable<result<void>> examine_items();
  awaitable<result<void>> examine_row(const file_row& row);
  awaitable<result<void>> examine_stored(const file_row& row);
  awaitable<result<std::optional<finding_kind>>> compare_object(const file_row& row);
  awaitable<result<std::optional<finding_kind>>> compare_item(const file_row& row);
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
};

awaitable<result<doctor_report>> examination::run() {
  if (options_.repair && !options_.erase_unknown) {
    if (auto few = co_await check_unknown_objects(records_, objects_); !few) co_return base::pass(few);
  }
  if (auto rows = co_await examine_rows(); !rows) co_return base::pass(rows);
  if (auto objects = co_await examine_objects(); !objects) co_return base::pass(objects);
  if (auto remains = co_await examine_remains(); !remains) co_return base::pass(remains);
  if (auto items = co_await examine_items(); !items) co_return base::pass(items);
  co_return std::move(report_);
}

awaitable<result<void>> examination::examine_rows() {
  file_id after;
  for (;;) {
    auto rows = co_await records_.scan_files(after, batch);
    if (!rows) co_return base::pass(rows);
    if (rows->empty()) co_return result<void>();
    for (const auto& row : *rows) {
      if (auto examined = co_await examine_row(row); !examined) co_return examined;
    }
    after = rows->back().file.id;
    if (auto mended = co_await mend_rows(); !mended) co_return mended;
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
    to_mend_.push_back(row.file.id);
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
    to_mend_.push_back(row.file.id);
  }
  co_return result<void>();
}

awaitable<result<std::optional<finding_kind>>> examination::compare_object(const file_row& row) {
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
  if (row.owed) co_return std::nullopt;  // it is about to be written
  auto item = co_await catalog_.find(row.file.key);
  if (!item) co_return base::pass(item);
  if (!*item) co_return finding_kind::missing_item;
  if (**item != expected_item(row)) co_return finding_kind::stale_item;
  co_return std::nullopt;
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

// Whether the row is as it was read: the same state, the same name over it, nothing owed that was not.
awaitable<result<bool>> examination::still(const file_row& row) {
  auto again = co_await records_.find_row(row.file.key);
  if (!again) co_return base::pass(again);
  co_return *again && (*again)->state == row.state && (*again)->owed == row.owed &&
      (*again)->author == row.author;
}

awaitable<result<void>> examination::examine_objects() {
  object_key after;
  for (;;) {
    auto entries = co_await objects_.list(after, batch);
    if (!entries) co_return base::pass(entries);
    if (entries->empty()) co_return result<void>();
    for (const auto& entry : *entries) {
      ++report_.objects;
      auto row = co_await records_.find_row(entry.key);
      if (!row) co_return base::pass(row);
      if (*row) continue;
      // A row goes only after its object: no row, and the object still there, is an orphan.
      auto size = co_await objects_.stat(entry.key);
      if (!size) co_return base::pass(size);
      if (!*size) continue;
      if (auto noted = co_await report_orphan(finding_kind::orphan_object, entry.key); !noted)
        co_return noted;
    }
    after = entries->back().key;
  }
}

awaitable<result<void>> examination::examine_remains() {
  auto once = co_await unfinished_without_row();
  if (!once) co_return base::pass(once);
  if (once->empty()) co_return result<void>();
  // Its upload may have been cleared up between the two looks, row and all.
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

awaitable<result<void>> examination::examine_items() {
  std::string from;
  for (;;) {
    auto page = co_await catalog_.scan(from, batch);
    if (!page) co_return base::pass(page);
    for (const auto& item : page->items) {
      ++report_.items;
      auto row = co_await records_.find_row(item.key);
      if (!row) co_return base::pass(row);
      if (*row) continue;
      auto found = co_await catalog_.find(item.key);
      if (!found) co_return base::pass(found);
      if (!*found) continue;
      if (auto noted = co_await report_orphan(finding_kind::orphan_item, item.key); !noted) co_return noted;
    }
    if (!page->next) co_return result<void>();
    from = *page->next;
  }
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
  if (!options_.repair || to_mend_.empty()) co_return result<void>();
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

const char* to_string(finding_kind kind) {
  switch (kind) {
    case finding_kind::missing_object:
      return "missing_object";
    case finding_kind::wrong_size:
      return "wrong_size";
    case finding_kind::damaged_object:
      return "damaged_object";
    case finding_kind::orphan_object:
      return "orphan_object";
    case finding_kind::unfinished_object:
      return "unfinished_object";
    case finding_kind::missing_item:
      return "missing_item";
    case finding_kind::stale_item:
      return "stale_item";
    case finding_kind::orphan_item:
      return "orphan_item";
    case finding_kind::missing_task:
      return "missing_task";
  }
  return "unknown";
}

const char* what_to_do(finding_kind kind) {
  switch (kind) {
    case finding_kind::missing_object:
      return "The file's bytes are gone. Restore them from a backup, or remove the file from its person.";
    case finding_kind::wrong_size:
      return "The file's bytes are not as many as were stored. Restore them from a backup, or remove the "
             "file.";
    case finding_kind::damaged_object:
      return "The file's bytes have changed since they were stored. Restore them from a backup, or remove "
             "the file.";
    case finding_kind::orphan_object:
      return "Bytes that belong to no file. --repair erases them.";
    case finding_kind::unfinished_object:
      return "Part of an upload that was cut off. --repair erases it.";
    case finding_kind::missing_item:
      return "The file is not in the catalog. --repair writes it there.";
    case finding_kind::stale_item:
      return "The catalog describes the file wrongly. --repair writes it again.";
    case finding_kind::orphan_item:
      return "The catalog lists a file that does not exist. --repair removes it.";
    case finding_kind::missing_task:
      return "An upload or a deletion that nothing will finish. --repair finishes it.";
  }
  return "";
}

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
    for (const auto& item : page->items) {
      auto row = co_await people.find_row(item.key);
      if (!row) co_return base::pass(row);
      if (*row) continue;
      if (auto erased = co_await items.erase(item.key); !erased) co_return base::pass(erased);
    }
    if (!page->next) co_return files;
    from = *page->next;
  }
}

}  // namespace dossier::domain
