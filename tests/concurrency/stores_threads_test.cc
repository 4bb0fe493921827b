// The embedded stores under several event loops at once, as a serving process uses them: submissions,
// look-ups, searches and the worker.
#include <atomic>
#include <barrier>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "domain/intake.h"
#include "domain/lease_keeper.h"
#include "domain/people.h"
#include "domain/worker.h"
#include "fakes/details.h"
#include "fakes/memory_source.h"
#include "fakes/run.h"
#include "fakes/temporary_folder.h"
#include "stores/embedded.h"

namespace dossier {
namespace {

constexpr int threads = 4;
constexpr int submissions_each = 15;

class stores_threads : public ::testing::Test {
 protected:
  stores_threads() {
    auto opened = stores::open_embedded(folder_.path() / "data", clock_, {}, [this](auto...) { ++calls_; });
    if (!opened) throw std::runtime_error(opened.error().message);
    stores_ = std::move(*opened);
    leases_.emplace(*stores_.records, domain::milliseconds{15'000});
    tasks_.emplace(*stores_.records, *stores_.objects, *stores_.catalog, random_, domain::worker_settings{});
    intake_.emplace(*stores_.records, *stores_.objects, *leases_, *tasks_, random_, domain::intake_limits{});
    people_.emplace(*stores_.records, *stores_.objects, *stores_.catalog, *tasks_);
  }

  awaitable<base::result<domain::submission_outcome>> submit(std::string name, std::string key) {
    auto submission = intake_->begin({.person = {}, .key = std::move(key)});
    fakes::memory_source bytes("the bytes of " + name);
    auto added = co_await submission->add_file("a.txt", bytes);
    if (!added) {
      co_await submission->abandon();
      co_return base::pass(added);
    }
    auto outcome = co_await submission->commit(
        fakes::typed{.name = name, .location = "Here", .age = "30", .technology = "C++"});
    if (!outcome) co_await submission->abandon();
    co_return outcome;
  }

  // work(number) on as many threads, which start together.
  template <class Function>
  static void on_threads(Function work) {
    std::barrier start(threads);
    std::vector<std::jthread> running;
    for (int number = 0; number < threads; ++number) {
      running.emplace_back([&, number] {
        start.arrive_and_wait();
        work(number);
      });
    }
  }

  fakes::temporary_folder folder_;
  base::system_clock clock_;
  base::system_random random_;
  std::atomic<int> calls_ = 0;
  stores::opened_stores stores_;
  std::optional<domain::lease_keeper> leases_;
  std::optional<domain::worker> tasks_;
  std::optional<domain::intake> intake_;
  std::optional<domain::people> people_;
};

TEST_F(stores_threads, keep_every_submission_of_every_thread) {
  on_threads([&](int number) {
    for (int i = 0; i < submissions_each; ++i) {
      const auto name = "Person " + std::to_string(number) + " " + std::to_string(i);
      const auto outcome = fakes::run_sync(submit(name, ""));
      ASSERT_TRUE(outcome) << outcome.error().message;
      const auto found = fakes::run_sync(people_->find(outcome->person.id));
      ASSERT_TRUE(found);
      EXPECT_EQ(found->details.name(), name);
      EXPECT_EQ(found->files.size(), 1u);
      EXPECT_TRUE(fakes::run_sync(people_->list({.words = "person", .limit = 5})));
      if (number == 0) EXPECT_TRUE(fakes::run_sync(tasks_->run_due()));
    }
  });
  ASSERT_TRUE(fakes::run_sync(tasks_->run_due()));
  EXPECT_EQ(fakes::run_sync(stores_.records->task_stats())->owed, 0);
  EXPECT_EQ(fakes::run_sync(stores_.objects->list({}, 1000))->size(),
            std::size_t{threads * submissions_each});
  EXPECT_GT(calls_, threads * submissions_each);
}

TEST_F(stores_threads, make_one_record_of_one_key_that_all_send_at_once) {
  std::atomic<std::int64_t> record = 0;
  std::atomic<int> answered = 0;
  on_threads([&](int) {
    const auto outcome = fakes::run_sync(submit("One Person", "the-same-key"));
    if (!outcome) {
      EXPECT_EQ(outcome.error().code, base::error_code::conflict) << outcome.error().message;
      return;
    }
    ++answered;
    std::int64_t none = 0;
    const auto id = outcome->person.id.value;
    if (!record.compare_exchange_strong(none, id)) EXPECT_EQ(none, id);
  });
  EXPECT_GE(answered, 1);
  EXPECT_EQ(fakes::run_sync(people_->list({}))->items.size(), 1u);
}

TEST_F(stores_threads, give_the_worker_of_each_thread_different_tasks) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(fakes::run_sync(submit("Person " + std::to_string(i), "")));
  std::atomic<int> done = 0;
  on_threads([&](int) {
    const auto count = fakes::run_sync(tasks_->run_due());
    ASSERT_TRUE(count);
    done += *count;
  });
  EXPECT_EQ(done, 20);
}

}  // namespace
}  // namespace dossier
