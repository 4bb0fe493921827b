// Several event loops on the same stores: writes that share syncs, reads beside them, folders that are made
// by two at once. Run under the thread sanitizer.
#include <atomic>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "base/random.h"
#include "fakes/details.h"
#include "fakes/memory_source.h"
#include "fakes/temporary_folder.h"
#include "stores/embedded.h"
#include "stores/sql/gathered_look_ups.h"
#include "stores/sql/sqlite/sqlite_driver.h"

namespace dossier::stores {
namespace {

using namespace std::chrono_literals;

constexpr int loops = 4;
constexpr int coroutines = 8;  // on each loop
constexpr int rounds = 6;

std::size_t place(int loop, int coroutine) {
  return static_cast<std::size_t>(loop) * coroutines + static_cast<std::size_t>(coroutine);
}

class stores_concurrency : public testing::Test {
 protected:
  // Runs `make(loop, coroutine)` on so many loops, each in a thread of its own.
  template <class Make>
  void on_all_loops(Make make) {
    std::vector<std::thread> threads;
    for (int loop = 0; loop < loops; ++loop) {
      threads.emplace_back([&make, loop] {
        asio::io_context context(1);
        for (int i = 0; i < coroutines; ++i) asio::co_spawn(context, make(loop, i), asio::detached);
        context.run();
      });
    }
    for (auto& thread : threads) thread.join();
  }

  fakes::temporary_folder folder_;
  base::system_clock clock_;
  base::system_random random_;
  std::atomic<int> observed_ = 0;
  opened_stores stores_ =
      open_embedded(folder_.path() / "data", clock_, {.disk_threads = 4},
                    [this](auto, auto, auto, bool worked) { observed_ += worked ? 1 : 0; })
          .value();
};

awaitable<void> submit_and_read(domain::records& records, base::random_source& random, int& failures) {
  for (int round = 0; round < rounds; ++round) {
    domain::commit_request request;
    request.lease = {random.token()};
    request.lease_for = 15s;
    request.details = fakes::known{"Anna " + random.token(), "Berlin", 30, "C++"};
    const auto file = co_await records.begin_file({.lease = request.lease,
                                                   .lease_for = 15s,
                                                   .key = {random.token()},
                                                   .name = "a.png",
                                                   .claim = std::nullopt});
    if (!file) {
      ++failures;
      continue;
    }
    request.files = {
        {.id = std::get<domain::file_id>(*file), .size = 1, .digest = {}, .media_type = "image/png"}};
    const auto committed = co_await records.commit_submission(request);
    if (!committed) {
      ++failures;
      continue;
    }
    const auto found = co_await records.find_person(std::get<domain::person>(*committed).id);
    if (!found || found->details != *request.details || found->files.size() != 1) ++failures;
    domain::people_query query;
    query.words = "anna";
    if (!co_await records.list_people(query)) ++failures;
  }
}

TEST_F(stores_concurrency, what_was_acknowledged_on_any_loop_is_seen_by_it_at_once) {
  std::vector<int> failures(loops * coroutines);
  on_all_loops(
      [&](int loop, int i) { return submit_and_read(*stores_.records, random_, failures[place(loop, i)]); });
  for (const int count : failures) EXPECT_EQ(count, 0);
  EXPECT_EQ(observed_, 4 * loops * coroutines * rounds);
}

awaitable<void> look_up(sql::gathered_look_ups& line, std::int64_t people, int& failures) {
  for (std::int64_t i = 0; i < 100; ++i) {
    const domain::person_id id{1 + i * 7 % (people + 1)};
    const auto found = co_await line.find(id);
    const bool there = id.value <= people;
    if (found.has_value() != there || (there && (found->id != id || found->files.size() != 1))) ++failures;
  }
}

// There are fewer queries than loops, so that a turn passes from one thread's coroutine to another's.
TEST_F(stores_concurrency, look_ups_of_several_loops_share_queries) {
  std::vector<int> failures(loops * coroutines);
  const auto failures_of = [&](int loop, int i) -> int& {
    return failures[place(loop, i)];
  };
  on_all_loops(
      [&](int loop, int i) { return submit_and_read(*stores_.records, random_, failures_of(loop, i)); });
  sql::sqlite_driver driver("records", folder_.path() / "data" / "records.db", clock_, {}, {});
  sql::gathered_look_ups line(driver, 2);
  on_all_loops(
      [&](int loop, int i) { return look_up(line, loops * coroutines * rounds, failures_of(loop, i)); });
  for (const int count : failures) EXPECT_EQ(count, 0);
}

awaitable<void> claim(domain::records& records, base::random_source& random, std::atomic<int>& winners) {
  const auto begun = co_await records.begin_file({.lease = {random.token()},
                                                  .lease_for = 15s,
                                                  .key = {random.token()},
                                                  .name = "a.png",
                                                  .claim = domain::idempotency_key{"people", "the key"}});
  if (begun) ++winners;
}

TEST_F(stores_concurrency, one_of_many_claims_a_key) {
  std::atomic<int> winners = 0;
  on_all_loops([&](int, int) { return claim(*stores_.records, random_, winners); });
  EXPECT_EQ(winners, 1);
}

awaitable<void> lease_until_empty(domain::records& records, base::random_source& random, std::mutex& mutex,
                                  std::multiset<std::int64_t>& leased) {
  while (true) {
    const auto some = co_await records.lease_tasks({random.token()}, 5, 60s);
    if (!some || some->empty()) co_return;
    const std::lock_guard lock(mutex);
    for (const auto& one : *some) leased.insert(one.file.id.value);
  }
}

TEST_F(stores_concurrency, each_task_is_leased_to_one_worker) {
  std::vector<int> failures(loops * coroutines);
  on_all_loops(
      [&](int loop, int i) { return submit_and_read(*stores_.records, random_, failures[place(loop, i)]); });
  std::mutex mutex;
  std::multiset<std::int64_t> leased;
  on_all_loops([&](int, int) { return lease_until_empty(*stores_.records, random_, mutex, leased); });
  EXPECT_EQ(leased.size(), static_cast<std::size_t>(loops * coroutines * rounds));
  EXPECT_EQ(std::set(leased.begin(), leased.end()).size(), leased.size()) << "none twice";
}

// Adds what went wrong to `wrong`.
awaitable<void> put_and_get(domain::object_store& objects, base::random_source& random, std::size_t size,
                            std::string& wrong) {
  for (int round = 0; round < rounds; ++round) {
    const domain::object_key key{random.token()};
    const std::string body(size, static_cast<char>('a' + round));
    fakes::memory_source source(body);
    const auto put = co_await objects.put(key, source);
    if (!put) {
      wrong += "put: " + put.error().message + '\n';
      continue;
    }
    auto opened = co_await objects.open(key, 0, body.size());
    if (!opened) {
      wrong += "open: " + opened.error().message + '\n';
      continue;
    }
    const auto read = co_await fakes::read_all(**opened);
    if (!read || *read != body) wrong += "other bytes were read\n";
    if (round % 2 != 0) continue;
    const auto erased = co_await objects.erase(key);
    if (!erased) wrong += "erase: " + erased.error().message + '\n';
  }
}

TEST_F(stores_concurrency, objects_come_back_as_they_were_put) {
  std::vector<std::string> wrong(loops * coroutines);
  on_all_loops([&](int loop, int i) {
    const std::size_t size = i % 2 == 0 ? 1'000 : 700'000;
    return put_and_get(*stores_.objects, random_, size, wrong[place(loop, i)]);
  });
  for (const auto& what : wrong) EXPECT_EQ(what, "");
}

}  // namespace
}  // namespace dossier::stores
