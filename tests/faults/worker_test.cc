// What the worker does while a store is away: it waits longer each time, lets other tasks pass, catches up.
#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "fakes/details.h"
#include "faults/world.h"

namespace dossier {
namespace {

const std::vector<upload> one_file = {{"letter.txt", "Dear Anna"}};

// The item that a worker writes when it has leased this task.
domain::catalog_item item_of(const domain::task& leased) {
  const auto& file = leased.file;
  return {.key = file.key,
          .author = leased.author,
          .person = file.person,
          .file = file.id,
          .name = file.name,
          .size = file.size,
          .digest = file.digest,
          .media_type = file.media_type,
          .created_at = file.created_at};
}

// A catalog that is away until told otherwise.
class away_catalog : public domain::catalog {
 public:
  explicit away_catalog(domain::catalog& real) : real_(real) {}
  bool away = true;
  int puts = 0;

  awaitable<base::result<void>> put(domain::catalog_item item) override {
    ++puts;
    if (away) co_return base::fail(base::error_code::unavailable, "The catalog is away.");
    co_return co_await real_.put(std::move(item));
  }
  awaitable<base::result<void>> put_all(std::vector<domain::catalog_item> items) override {
    ++puts;
    if (away) co_return base::fail(base::error_code::unavailable, "The catalog is away.");
    co_return co_await real_.put_all(std::move(items));
  }
  awaitable<base::result<void>> erase(domain::object_key key) override {
    if (away) co_return base::fail(base::error_code::unavailable, "The catalog is away.");
    co_return co_await real_.erase(std::move(key));
  }
  awaitable<base::result<std::optional<domain::catalog_item>>> find(domain::object_key key) override {
    return real_.find(std::move(key));
  }
  awaitable<base::result<domain::catalog_page>> by_author(std::string author, std::string from,
                                                          int limit) override {
    return real_.by_author(std::move(author), std::move(from), limit);
  }
  awaitable<base::result<domain::catalog_page>> scan(std::string from, int limit) override {
    return real_.scan(std::move(from), limit);
  }
  awaitable<base::result<std::optional<domain::records_identity>>> owner() override { return real_.owner(); }
  awaitable<base::result<domain::records_identity>> claim(domain::records_identity who) override {
    return real_.claim(std::move(who));
  }
  awaitable<base::result<void>> give(domain::records_identity who) override {
    return real_.give(std::move(who));
  }
  awaitable<base::result<void>> check() override { return real_.check(); }

 private:
  domain::catalog& real_;
};

TEST(worker, a_catalog_that_is_away_delays_nobody_and_is_caught_up_with) {
  world w;
  away_catalog catalog(*w.real.catalog);
  domain::worker worker(*w.real.records, *w.real.objects, catalog, w.random, {});
  const auto submitted = w.submit(anna_draft, one_file);
  ASSERT_TRUE(submitted);
  EXPECT_TRUE(fakes::run_sync(worker.run_due()));

  auto stats = fakes::run_sync(w.real.records->task_stats());
  EXPECT_EQ(stats->owed, 1);
  EXPECT_EQ(stats->index, 1);
  EXPECT_EQ(stats->failing, 1);

  w.clock.advance(std::chrono::minutes(30));
  EXPECT_GE(fakes::run_sync(w.real.records->task_stats())->oldest_overdue, std::chrono::minutes(20));
  catalog.away = false;
  EXPECT_TRUE(fakes::run_sync(worker.run_due()));
  EXPECT_EQ(fakes::run_sync(w.real.records->task_stats())->owed, 0);
  w.expect_in_step();
}

// Always refuses one item, alone or among others.
class choosy_catalog final : public away_catalog {
 public:
  using away_catalog::away_catalog;
  std::string refused;

  awaitable<base::result<void>> put(domain::catalog_item item) override {
    if (item.name == refused) co_return base::fail(base::error_code::internal, "Not such a one.");
    co_return co_await away_catalog::put(std::move(item));
  }
  awaitable<base::result<void>> put_all(std::vector<domain::catalog_item> items) override {
    for (const auto& one : items) {
      if (one.name == refused) co_return base::fail(base::error_code::internal, "Not such a one.");
    }
    co_return co_await away_catalog::put_all(std::move(items));
  }
};

TEST(worker, an_item_that_the_catalog_refuses_holds_up_no_other) {
  world w;
  choosy_catalog catalog(*w.real.catalog);
  catalog.away = false;
  catalog.refused = "bad.txt";
  domain::worker worker(*w.real.records, *w.real.objects, catalog, w.random, {});
  ASSERT_TRUE(w.submit(anna_draft, {{"a.txt", "1"}, {"bad.txt", "2"}, {"c.txt", "3"}}));
  EXPECT_TRUE(fakes::run_sync(worker.run_due()));
  EXPECT_EQ(fakes::run_sync(w.real.records->task_stats())->index, 1);
  catalog.refused.clear();
  w.clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(fakes::run_sync(worker.run_due()));
  EXPECT_EQ(fakes::run_sync(w.real.records->task_stats())->owed, 0);
  w.expect_in_step();
}

// A worker that runs by itself, as in a serving node.
class running_worker {
 public:
  running_worker(world& w, domain::catalog& items, domain::worker_settings with)
      : worker_(*w.real.records, *w.real.objects, items, w.random, with) {
    asio::co_spawn(loop_, worker_.run(), [this](const std::exception_ptr&) { ended_ = true; });
  }
  void let_run(std::chrono::milliseconds time) { loop_.run_for(time); }
  void wake() { worker_.wake(); }
  bool ends_within(std::chrono::milliseconds time) {
    worker_.stop();
    loop_.run_for(time);
    return ended_;
  }

 private:
  asio::io_context loop_{1};
  domain::worker worker_;
  bool ended_ = false;
};

TEST(worker, gathers_longer_while_more_than_one_comes_at_a_time) {
  using namespace std::chrono_literals;
  world w;
  // New records are looked through once for the search; as long as that goes on, a worker gathers nothing.
  ASSERT_TRUE(fakes::run_sync(w.worker->run_due()));
  away_catalog catalog(*w.real.catalog);
  catalog.away = false;
  ASSERT_TRUE(w.submit(anna_draft, {{"a.txt", "1"}, {"b.txt", "2"}}));
  running_worker worker(w, catalog, {.gather = 500ms, .longest_sleep = 1h});
  while (catalog.puts < 1) worker.let_run(10ms);
  worker.let_run(100ms);  // until it sleeps
  ASSERT_TRUE(w.submit(anna_draft, one_file));
  worker.wake();
  worker.let_run(1'000ms);  // twice as long as it gathers for one submission alone
  EXPECT_EQ(catalog.puts, 1);
  ASSERT_TRUE(w.submit(anna_draft, one_file));
  worker.wake();
  while (catalog.puts < 2) worker.let_run(10ms);
  EXPECT_TRUE(worker.ends_within(30s));
  EXPECT_EQ(catalog.puts, 2) << "both in one call";
  EXPECT_EQ(fakes::run_sync(w.real.records->task_stats())->index, 0);
}

TEST(worker, ends_at_once_while_it_gathers) {
  using namespace std::chrono_literals;
  world w;
  running_worker worker(w, *w.real.catalog, {.gather = 1h, .longest_sleep = 1h});
  worker.let_run(100ms);
  worker.wake();
  worker.let_run(100ms);
  EXPECT_TRUE(worker.ends_within(30s));
}

TEST(worker, a_failing_task_waits_longer_each_time) {
  world w;
  away_catalog catalog(*w.real.catalog);
  domain::worker worker(*w.real.records, *w.real.objects, catalog, w.random, {});
  ASSERT_TRUE(w.submit(anna_draft, one_file));
  domain::milliseconds before{0};
  for (int attempt = 0; attempt < 6; ++attempt) {
    EXPECT_TRUE(fakes::run_sync(worker.run_due()));
    EXPECT_EQ(catalog.puts, attempt + 1);
    const auto due = fakes::run_sync(w.real.records->next_task_due());
    ASSERT_TRUE(due && *due);
    // The wait is at least half of a bound that doubles each time, so at least half of the wait before.
    EXPECT_GE(**due, before / 2);
    EXPECT_GE(**due, domain::milliseconds(250 << attempt));
    before = **due;
    w.clock.advance(**due);
  }
}

TEST(worker, a_rename_between_leasing_and_indexing_is_indexed_again) {
  world w;
  const auto id = w.submit(anna_draft, one_file)->person.id;
  auto leased = fakes::run_sync(w.real.records->lease_tasks({"t1"}, 10, std::chrono::seconds(60)));
  ASSERT_EQ(leased->size(), 1u);
  EXPECT_EQ(leased->at(0).author, "Anna Berg");
  ASSERT_TRUE(fakes::run_sync(w.people->edit(
      id, fakes::typed{.name = "Anna Dahl", .location = {}, .age = {}, .technology = {}}, {}, {})));
  // While it is leased, no other worker gets the file's task.
  EXPECT_TRUE(fakes::run_sync(w.real.records->lease_tasks({"t2"}, 10, std::chrono::seconds(60)))->empty());
  ASSERT_TRUE(fakes::run_sync(w.real.records->complete_tasks({{leased->at(0), {}}})));
  leased = fakes::run_sync(w.real.records->lease_tasks({"t3"}, 10, std::chrono::seconds(60)));
  ASSERT_EQ(leased->size(), 1u);
  EXPECT_EQ(leased->at(0).author, "Anna Dahl");
}

TEST(worker, deleting_while_indexing_leaves_no_item) {
  world w;
  const auto id = w.submit(anna_draft, one_file)->person.id;
  auto leased = fakes::run_sync(w.real.records->lease_tasks({"t1"}, 10, std::chrono::seconds(60)));
  ASSERT_EQ(leased->size(), 1u);
  ASSERT_TRUE(fakes::run_sync(w.people->remove(id, {}, {})));
  // The slow writer puts its item only now.
  ASSERT_TRUE(fakes::run_sync(w.real.catalog->put(item_of(leased->at(0)))));
  ASSERT_TRUE(fakes::run_sync(w.real.records->complete_tasks({{leased->at(0), {}}})));
  w.recover();
  w.expect_in_step();
  EXPECT_TRUE(w.objects_there().empty());
}

// A worker that stood still past its lease writes what was true when it leased the task.
TEST(worker, what_a_sleeper_writes_late_is_made_good) {
  for (const bool deleted : {false, true}) {
    world w;
    const auto id = w.submit(anna_draft, one_file)->person.id;
    auto leased = fakes::run_sync(w.real.records->lease_tasks({"t1"}, 10, std::chrono::seconds(60)));
    ASSERT_EQ(leased->size(), 1u);
    if (deleted) {
      ASSERT_TRUE(fakes::run_sync(w.people->remove(id, {}, {})));
    } else {
      ASSERT_TRUE(fakes::run_sync(w.people->edit(
          id, fakes::typed{.name = "Anna Dahl", .location = {}, .age = {}, .technology = {}}, {}, {})));
    }
    w.recover();
    ASSERT_TRUE(fakes::run_sync(w.real.catalog->put(item_of(leased->at(0)))));
    ASSERT_TRUE(fakes::run_sync(w.real.records->complete_tasks({{leased->at(0), {}}})));
    w.recover();
    w.expect_in_step();
    const auto item = fakes::run_sync(w.real.catalog->find(leased->at(0).file.key)).value();
    EXPECT_EQ(item ? item->author : "none", deleted ? "none" : "Anna Dahl");
  }
}

TEST(worker, more_tasks_than_one_batch_are_all_done) {
  world w;
  for (int i = 0; i < 150; ++i) ASSERT_TRUE(w.submit(anna_draft, one_file));
  EXPECT_EQ(*fakes::run_sync(w.worker->run_due()), 150);
  w.expect_in_step();
}

}  // namespace
}  // namespace dossier
