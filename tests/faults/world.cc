#include "faults/world.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "fakes/memory_source.h"

namespace dossier {
namespace {

using domain::file_id;
using domain::object_key;

// In memory where the machine has /dev/shm: hundreds of worlds are made, and these tests do not ask what
// happens after a power cut.
std::filesystem::path fast_parent() {
  const std::filesystem::path memory = "/dev/shm";
  return std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
}

// These read everything that a store has, page by page, to compare it.
awaitable<std::vector<domain::file_row>> all_rows(domain::records& records) {
  std::vector<domain::file_row> all;
  for (file_id after;; after = all.back().file.id) {
    auto page = co_await records.scan_files(after, 3);
    if (!page) throw std::runtime_error(page.error().message);
    if (page->empty()) co_return all;
    all.insert(all.end(), page->begin(), page->end());
  }
}

awaitable<std::vector<domain::object_entry>> all_objects(domain::object_store& objects) {
  std::vector<domain::object_entry> all;
  for (object_key after;; after = all.back().key) {
    auto page = co_await objects.list(after, 3);
    if (!page) throw std::runtime_error(page.error().message);
    if (page->empty()) co_return all;
    all.insert(all.end(), page->begin(), page->end());
  }
}

// The items of one author, or of all.
awaitable<std::vector<domain::catalog_item>> all_items(domain::catalog& catalog,
                                                       std::optional<std::string> author) {
  std::vector<domain::catalog_item> all;
  std::string from;
  for (;;) {
    auto page = author ? co_await catalog.by_author(*author, from, 2) : co_await catalog.scan(from, 3);
    if (!page) throw std::runtime_error(page.error().message);
    all.insert(all.end(), page->items.begin(), page->items.end());
    if (!page->next) co_return all;
    from = *page->next;
  }
}

awaitable<base::result<domain::submission_outcome>> submit_all(domain::intake& intake,
                                                               domain::details_draft draft,
                                                               std::vector<upload> uploads, std::string key,
                                                               std::optional<domain::person_id> person) {
  auto submission = intake.begin({.person = person, .key = key});
  for (auto& one : uploads) {
    fakes::memory_source bytes(one.bytes);
    auto added = co_await submission->add_file(one.name, bytes);
    if (!added) {
      co_await submission->abandon();
      co_return base::pass(added);
    }
  }
  auto outcome = co_await submission->commit(std::move(draft));
  if (!outcome) co_await submission->abandon();
  co_return outcome;
}

awaitable<std::string> read_file(domain::people& people, domain::file which) {
  auto opened = co_await people.open(which, 0, which.size);
  if (!opened) throw std::runtime_error(opened.error().message);
  std::string bytes;
  for (;;) {
    auto view = co_await (*opened)->next();
    if (!view) throw std::runtime_error(view.error().message);
    if (view->empty()) co_return bytes;
    bytes.append(reinterpret_cast<const char*>(view->data()), view->size());
  }
}

}  // namespace

world::world(mix where) : own_folder_(fast_parent()), below(where, own_folder_.path(), clock) {
  build();
}

world::~world() {
  intake.reset();
  real = {};
}

void world::build() {
  real = below.open();
  records = std::make_unique<fakes::faulty_records>(*real.records, plan);
  objects = std::make_unique<fakes::faulty_objects>(*real.objects, plan);
  catalog = std::make_unique<fakes::faulty_catalog>(*real.catalog, plan);
  const domain::intake_limits limits{.file_required = false, .commit_pause = std::chrono::milliseconds(1)};
  worker = std::make_unique<domain::worker>(*records, *objects, *catalog, random, domain::worker_settings{});
  leases = std::make_unique<domain::lease_keeper>(*records, limits.lease);
  intake = std::make_unique<domain::intake>(*records, *objects, *leases, *worker, random, limits);
  people = std::make_unique<domain::people>(*records, *objects, *catalog, *worker);
}

base::result<domain::submission_outcome> world::submit(domain::details_draft draft,
                                                       std::vector<upload> uploads, std::string key,
                                                       std::optional<domain::person_id> person) {
  return fakes::run_sync(submit_all(*intake, std::move(draft), std::move(uploads), std::move(key), person));
}

void world::recover() {
  plan.clear();
  below.settle();
  // Each round is longer than any lease, retry or grace period. A few rounds are needed: a file may be erased
  // twice.
  for (int round = 0; round < 20; ++round) {
    clock.advance(std::chrono::minutes(10));
    const auto done = fakes::run_sync(worker->run_due());
    ASSERT_TRUE(done) << done.error().message;
    const auto due = fakes::run_sync(real.records->next_task_due());
    ASSERT_TRUE(due);
    if (!*due) return;
  }
  FAIL() << "tasks are still owed after twenty rounds";
}

void world::restart() {
  intake.reset();
  people.reset();
  leases.reset();
  worker.reset();
  real = {};
  build();
}

void world::expect_in_step() {
  const auto rows = fakes::run_sync(all_rows(*real.records));
  std::map<std::string, domain::catalog_item> items;
  for (const auto& item : fakes::run_sync(all_items(*real.catalog, {}))) items[item.key.value] = item;
  const auto objects_now = objects_there();
  std::set<std::string> keys;
  std::map<std::string, std::set<std::string>> keys_of;
  for (const auto& row : rows) {
    keys.insert(row.file.key.value);
    keys_of[row.author].insert(row.file.key.value);
    EXPECT_EQ(row.state, domain::file_state::stored) << "a row that is not settled";
    EXPECT_FALSE(row.owed.has_value()) << "a task that is still owed";
    const auto& key = row.file.key.value;
    ASSERT_TRUE(objects_now.contains(key)) << "I2: a stored row without its object";
    EXPECT_EQ(objects_now.at(key), row.file.size);
    ASSERT_TRUE(items.contains(key)) << "a stored row without its catalog item";
    EXPECT_EQ(items.at(key).author, row.author);
  }
  EXPECT_EQ(objects_now.size(), rows.size()) << "I3: objects without a row";
  EXPECT_EQ(items.size(), rows.size()) << "I3: catalog items without a row";
  for (const auto& [author, theirs] : keys_of) EXPECT_EQ(keys_by_author(author), theirs) << author;
  below.expect_no_traces_but_of(keys);
}

void world::expect_whole(domain::person_id id, const domain::details& details,
                         const std::vector<upload>& uploads) {
  const auto found = fakes::run_sync(people->find(id));
  ASSERT_TRUE(found) << "I1: an acknowledged person is not there";
  EXPECT_EQ(found->details, details);
  ASSERT_EQ(found->files.size(), uploads.size());
  for (std::size_t i = 0; i < uploads.size(); ++i) {
    EXPECT_EQ(found->files[i].name, uploads[i].name);
    EXPECT_EQ(found->files[i].digest, base::sha256_of(uploads[i].bytes));
    EXPECT_TRUE(bytes_of(found->files[i]) == uploads[i].bytes) << "I1: bytes of " << uploads[i].name;
  }
}

std::string world::bytes_of(const domain::file& which) {
  return fakes::run_sync(read_file(*people, which));
}

std::vector<domain::person> world::everybody() {
  domain::people_query query;
  query.limit = 100;
  return fakes::run_sync(real.records->list_people(query))->items;
}

std::map<std::string, std::uint64_t> world::objects_there() {
  std::map<std::string, std::uint64_t> all;
  for (const auto& entry : fakes::run_sync(all_objects(*real.objects))) all[entry.key.value] = entry.size;
  return all;
}

std::set<std::string> world::keys_by_author(const std::string& author) {
  std::set<std::string> keys;
  for (const auto& item : fakes::run_sync(all_items(*real.catalog, author))) keys.insert(item.key.value);
  return keys;
}

std::string some_bytes(std::size_t length, unsigned seed) {
  std::string bytes(length, '\0');
  std::uint32_t state = seed * 2654435761U + 1;
  for (char& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

void at_every_operation(const std::function<fault_scenario()>& make) {
  using fakes::fault;
  constexpr int more_than_any_has = 200;
  for (const fault kind : {fault::before_effect, fault::after_effect, fault::gone, fault::gone_after}) {
    int n = 0;
    for (; n < more_than_any_has; ++n) {
      const auto scenario = make();
      world w;
      scenario.prepare(w);
      w.plan.fail_at(n, kind);
      scenario.attempt(w);
      const bool fired = w.plan.fired();
      SCOPED_TRACE(testing::Message() << "operation " << n << " (" << w.plan.where() << ") fails in way "
                                      << static_cast<int>(kind));
      scenario.judge(w);
      if (testing::Test::HasFatalFailure() || testing::Test::HasNonfatalFailure() || !fired) break;
    }
    EXPECT_GT(n, 0) << "the attempt has no operation at all";
    ASSERT_LT(n, more_than_any_has);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace dossier
