// What the doctor reports about a real database server: with all that it needs, and with something missing.
#include <algorithm>

#include "mysql_test.h"
#include "stores/checks/mysql_check.h"

namespace dossier::stores::sql {
namespace {

class mysql_check_test : public mysql_test {
 protected:
  // Makes a user of this name with these grants on the test's database. Its password is "secret".
  mysql_settings with_grants(const std::string& user, const std::string& grants) const {
    database_.run("DROP USER IF EXISTS " + user);
    database_.run("CREATE USER " + user + " IDENTIFIED BY 'secret'");
    database_.run("GRANT " + grants + " ON " + database_.name() + ".* TO " + user);
    auto with = settings();
    with.user = user;
    with.password = [](bool) -> result<std::string> {
      return "secret";
    };
    return with;
  }
  static std::vector<domain::store_finding> errors(const mysql_settings& with) {
    mysql_check check(with);
    auto report = run(check.look({}));
    std::erase_if(report.findings, [](const auto& one) { return one.level != domain::severity::error; });
    return report.findings;
  }
};

TEST_F(mysql_check_test, finds_nothing_wrong_where_all_is_granted) {
  for (const auto& one : errors(with_grants("everything", "ALL")))
    ADD_FAILURE() << one.what << ": " << one.is;
}

TEST_F(mysql_check_test, names_what_is_not_granted) {
  const auto found = errors(with_grants("reader", "SELECT"));
  ASSERT_EQ(found.size(), 3u);
  for (const auto& one : found) EXPECT_EQ(one.what, "permission");
}

TEST_F(mysql_check_test, tells_a_wrong_password_from_a_wrong_address) {
  auto with = with_grants("everything", "ALL");
  with.password = [](bool) -> result<std::string> {
    return "wrong";
  };
  ASSERT_EQ(errors(with).size(), 1u);
  EXPECT_EQ(errors(with).front().what, "credentials");
}

TEST_F(mysql_check_test, tells_of_a_limit_that_is_reached) {
  const auto with = with_grants("few", "ALL");
  database_.run("ALTER USER few WITH MAX_USER_CONNECTIONS 1");
  const mysql_connection holder(with);
  const auto found = errors(with);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().what, "limit");
  EXPECT_TRUE(found.front().is.contains("max_user_connections")) << found.front().is;
}

}  // namespace
}  // namespace dossier::stores::sql
