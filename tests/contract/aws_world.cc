#include "contract/aws_world.h"

#include <memory>
#include <stdexcept>
#include <utility>

#include "aws/services/json.h"

namespace dossier::contract {
namespace {

aws::settings settings_of_moto() {
  auto loaded = aws::load_settings(shared_moto().variables(
      {{"AWS_CONFIG_FILE", "/dev/null"}, {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"}}));
  if (!loaded) throw std::runtime_error(loaded.error().message);
  return std::move(*loaded);
}

}  // namespace

fakes::moto_server& shared_moto() {
  static fakes::moto_server moto;
  return moto;
}

aws_world& world() {
  static aws_world one;
  return one;
}

aws_world::aws_world() : access(settings_of_moto(), clock, random) {}

aws::outcome<aws::response> aws_world::try_call(aws::request what) {
  return fakes::run_sync(access.calls().call(std::move(what)));
}

aws::response aws_world::call(aws::request what) {
  auto answer = try_call(std::move(what));
  if (!answer) throw std::runtime_error(answer.error().code + ": " + answer.error().message);
  return std::move(*answer);
}

aws::endpoint aws_world::endpoint(aws::service which) const {
  auto found = aws::endpoint_of(access.settings(), which);
  if (!found) throw std::runtime_error(found.error().message);
  return std::move(*found);
}

aws::s3::bucket aws_world::new_bucket() {
  auto made = aws::s3::make_bucket(endpoint(aws::service::s3), "bucket-" + std::to_string(++made_));
  auto create = aws::s3::head_bucket(made);
  create.what = {"s3", "CreateBucket", "s3:CreateBucket"};
  create.method = "PUT";
  create.body = aws::text_body(
      "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint>"
      "</CreateBucketConfiguration>");
  call(std::move(create));
  return made;
}

aws::request aws_world::json_call(aws::service which, std::string_view target, std::string_view name,
                                  std::string body) {
  const std::string_view signing = which == aws::service::dynamodb ? "dynamodb"
                                   : which == aws::service::ssm    ? "ssm"
                                                                   : "secretsmanager";
  return aws::json_request(endpoint(which), {{signing, name, name}, target, "1.1"}, std::move(body));
}

aws::dynamodb::table aws_world::new_table() {
  aws::dynamodb::table made{endpoint(aws::service::dynamodb), "table-" + std::to_string(++made_)};
  call(json_call(aws::service::dynamodb, "DynamoDB_20120810", "CreateTable",
                 R"({"TableName":")" + made.name + R"(",
    "BillingMode":"PAY_PER_REQUEST",
    "KeySchema":[{"AttributeName":"filename","KeyType":"HASH"}],
    "AttributeDefinitions":[{"AttributeName":"filename","AttributeType":"S"},{"AttributeName":"Author","AttributeType":"S"}],
    "GlobalSecondaryIndexes":[{"IndexName":"by-author","Projection":{"ProjectionType":"ALL"},
      "KeySchema":[{"AttributeName":"Author","KeyType":"HASH"},{"AttributeName":"filename","KeyType":"RANGE"}]}]})"));
  return made;
}

}  // namespace dossier::contract
