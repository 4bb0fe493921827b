// What a database's errors mean, and how much of their text the log may have.
#include <gtest/gtest.h>

#include "stores/sql/mysql/mysql_error.h"

namespace dossier::stores::sql {
namespace {

using base::error_code;

TEST(mysql_errors, that_pass_are_unavailable) {
  for (const unsigned code :
       {1040u, 1041u, 1047u, 1053u, 1130u, 1143u, 1203u, 1205u, 1206u, 1213u, 1226u, 1290u,
        1637u, 1836u, 1874u, 2006u, 2013u, 3032u, 3118u, 3159u, 3168u, 3955u, 4151u, 9001u}) {
    const mysql_failure problem(code, "HY000", "as told", "SELECT 1");
    EXPECT_EQ(problem.answer().code, error_code::unavailable) << code;
    EXPECT_NE(problem.trouble(), mysql_trouble::other) << code;
  }
  EXPECT_EQ(mysql_failure(1064, "42000", "near 'x'", "SELEKT").answer().code, error_code::internal);
  EXPECT_EQ(mysql_failure(1114, "HY000", "The table 'note' is full", "INSERT").answer().code,
            error_code::no_space);
}

TEST(mysql_errors, keep_their_reason_where_they_quote_the_servers_own_names) {
  const mysql_failure limit(
      1226, "42000", "User 'dossier' has exceeded the 'max_user_connections' resource (current value: 5)",
      "connect");
  EXPECT_TRUE(limit.detail().contains("'max_user_connections' resource (current value: 5)"))
      << limit.detail();
  const mysql_failure locked(
      3955, "HY000",
      "Access denied for user 'dossier'@'10.0.0.1'. Account is blocked for 2 day(s) (1 "
      "day(s) remaining) due to 3 consecutive failed logins.",
      "connect");
  EXPECT_TRUE(locked.detail().contains("1 day(s) remaining")) << locked.detail();
  EXPECT_TRUE(locked.is_login());
}

TEST(mysql_errors, never_tell_what_people_typed) {
  const mysql_failure twice(1062, "23000", "Duplicate entry 'Anna O'Brien' for key 'name'", "INSERT");
  EXPECT_FALSE(twice.detail().contains("Anna") || twice.detail().contains("Brien")) << twice.detail();
  const mysql_failure unknown(1366, "HY000", "Incorrect string value: 'Anna' for column 'name'", "INSERT");
  EXPECT_FALSE(unknown.detail().contains("Anna")) << unknown.detail();
}

}  // namespace
}  // namespace dossier::stores::sql
