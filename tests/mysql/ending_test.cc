// The end of serving while every connection to MySQL is busy, and many wait for one.
#include "app/ending.h"

#include <thread>

#include "fakes/busy_site.h"
#include "mysql_test.h"

namespace dossier::stores::sql {
namespace {

class mysql_ending_test : public mysql_test {};

TEST_F(mysql_ending_test, waits_for_every_connection_before_what_they_answer_to_is_gone) {
  auto with = settings();
  with.connections = 4;
  auto driver = open(with);
  auto& stopped = *driver;
  fakes::busy_site busy(std::move(driver), "SELECT SLEEP(1)", [&stopped] { stopped.stop(); });
  auto server = http::server::listen({.port = 0, .threads = 2}, busy, {});
  ASSERT_TRUE(server);
  (*server)->start();
  fakes::asking_clients clients((*server)->port());
  clients.ask("/search", 16);
  clients.ask("/read", 16);
  clients.ask("/write", 16);
  clients.ask("/disk", 8);
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (busy.running() < 33 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  const auto how = app::end_serving(**server, busy.stores(), [] {}, {.drain = 10ms, .rest = 60s});
  EXPECT_FALSE(how.drained);
  EXPECT_TRUE(how.whole);
  EXPECT_EQ(busy.running(), 0);
  busy.close_driver();
  server->reset();
  EXPECT_EQ(busy.after_the_end(), 0);
}

}  // namespace
}  // namespace dossier::stores::sql
