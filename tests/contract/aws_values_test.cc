// Values that come from Parameter Store and Secrets Manager.
#include <gtest/gtest.h>

#include "aws/services/secrets.h"
#include "contract/aws_world.h"

namespace dossier::contract {
namespace {

TEST(aws_ssm, reads_a_secure_parameter) {
  const auto where = world().endpoint(aws::service::ssm);
  // With Overwrite, because the client makes the call again when its answer comes too late.
  world().call(world().json_call(
      aws::service::ssm, "AmazonSSM", "PutParameter",
      R"({"Name":"rds-db-password","Value":"s3cret \"Å\"","Type":"SecureString","Overwrite":true})"));
  const auto value =
      aws::ssm::parse_parameter(world().call(aws::ssm::get_parameter(where, "rds-db-password")));
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, "s3cret \"Å\"");
}

TEST(aws_ssm, a_missing_parameter_is_not_found) {
  const auto where = world().endpoint(aws::service::ssm);
  const auto answer = world().try_call(aws::ssm::get_parameter(where, "none"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ParameterNotFound");
  EXPECT_EQ(answer.error().kind, base::error_code::not_found);
}

TEST(aws_secrets_manager, reads_a_secret_and_a_member_of_it) {
  const auto where = world().endpoint(aws::service::secrets_manager);
  world().call(world().json_call(
      aws::service::secrets_manager, "secretsmanager", "CreateSecret",
      R"({"Name":"db","SecretString":"{\"username\":\"admin\",\"password\":\"pässword\",\"port\":3306}"})"));
  const auto answer = world().call(aws::secrets_manager::get_secret_value(where, "db"));
  EXPECT_EQ(aws::secrets_manager::parse_secret(answer, "password"), "pässword");
  EXPECT_EQ(aws::secrets_manager::parse_secret(answer, "port"), "3306");
  EXPECT_FALSE(aws::secrets_manager::parse_secret(answer, "host"));
  EXPECT_TRUE(aws::secrets_manager::parse_secret(answer)->starts_with("{"));
  const auto none = world().try_call(aws::secrets_manager::get_secret_value(where, "none"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, base::error_code::not_found);
}

}  // namespace
}  // namespace dossier::contract
