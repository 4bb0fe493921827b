// The end of serving while every connection to MySQL is busy, and many wait for one.
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
  fakes::end_while_busy(busy);
}

}  // namespace
}  // namespace dossier::stores::sql
