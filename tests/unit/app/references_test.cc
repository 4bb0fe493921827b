#include "app/references.h"

#include <gtest/gtest.h>

namespace dossier::app {
namespace {

TEST(reference, names_a_parameter) {
  EXPECT_EQ(parse_reference("ssm:rds_host"), (reference{reference::place::parameter, "rds_host", ""}));
  EXPECT_EQ(parse_reference("ssm:/dossier/prod/host"),
            (reference{reference::place::parameter, "/dossier/prod/host", ""}));
}

TEST(reference, names_a_secret_or_one_member_of_it) {
  EXPECT_EQ(parse_reference("secretsmanager:dossier/db"),
            (reference{reference::place::secret, "dossier/db", ""}));
  EXPECT_EQ(parse_reference("secretsmanager:rds!db-1234#password"),
            (reference{reference::place::secret, "rds!db-1234", "password"}));
  EXPECT_EQ(parse_reference("secretsmanager:arn:aws:secretsmanager:eu-central-1:123456789012:secret:x#a b"),
            (reference{reference::place::secret, "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x",
                       "a b"}));
}

TEST(reference, is_told_from_a_value_by_its_beginning) {
  EXPECT_TRUE(is_reference("ssm:x"));
  EXPECT_TRUE(is_reference("secretsmanager:x"));
  EXPECT_FALSE(is_reference("xssm:x"));
  EXPECT_FALSE(is_reference("SSM:x"));
  EXPECT_FALSE(is_reference(""));
}

TEST(reference, without_a_proper_name_is_refused) {
  for (const auto* text : {"ssm:", "ssm:a b", "ssm:a\nb", "secretsmanager:", "secretsmanager:#password",
                           "secretsmanager:x#", "x"}) {
    EXPECT_FALSE(parse_reference(text)) << text;
  }
}

}  // namespace
}  // namespace dossier::app
