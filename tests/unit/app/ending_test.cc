// The end of serving while every pool is busy. The address sanitizer shows what is used after it was
// destroyed; without it the requests count such uses.
#include "app/termination.h"

#include <chrono>
#include <latch>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "fakes/busy_site.h"
#include "fakes/temporary_folder.h"
#include "stores/sql/sqlite/sqlite_driver.h"

namespace dossier::app {
namespace {

using namespace std::chrono_literals;

class ending : public testing::Test {
 protected:
  // Takes SQLite some seconds.
  static constexpr auto long_question =
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300000000) SELECT count(*) "
      "FROM c";

  std::unique_ptr<fakes::busy_site> make_site() {
    auto driver = std::make_unique<stores::sql::sqlite_driver>(
        "records", folder_.path() / "test.db", clock_, nullptr,
        stores::sql::sqlite_limits{.inline_read = 1ms, .slow_read = 2s});
    auto& stopped = *driver;
    return std::make_unique<fakes::busy_site>(std::move(driver), long_question,
                                              [&stopped] { stopped.stop(); });
  }

 private:
  fakes::temporary_folder folder_;
  base::system_clock clock_;
};

TEST_F(ending, waits_for_every_pool_before_what_they_answer_to_is_gone) {
  fakes::end_while_busy(*make_site());
}

TEST_F(ending, says_so_when_something_still_runs) {
  const auto busy = make_site();
  auto server = http::server::listen({.port = 0, .threads = 1}, *busy, {});
  ASSERT_TRUE(server);
  (*server)->start();
  std::latch hang(1);
  busy->stores().disk->post([&] { hang.wait(); });
  busy->stores().disk->post([&] { hang.wait(); });
  fakes::asking_clients clients((*server)->port());
  clients.ask("/disk");
  while (busy->running() < 1) std::this_thread::yield();
  EXPECT_FALSE(end_serving(**server, busy->stores(), [] {}, {.drain = 10ms, .rest = 50ms}).whole);
  hang.count_down();
  EXPECT_TRUE((*server)->stop(60s));
}

}  // namespace
}  // namespace dossier::app
