#include "fakes/moto_server.h"

#include <array>
#include <csignal>
#include <map>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aws/s3.h"
#include "aws/settings.h"
#include "fakes/run.h"

extern char** environ;

namespace dossier::fakes {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  throw std::runtime_error("moto does not start (" + why + "); ./test makes its environment, build/venv");
}

std::string first_line_of(int from) {
  std::string line;
  for (char c = 0; ::read(from, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

constexpr const char* table_definition = R"({{"TableName": "{}", "BillingMode": "PAY_PER_REQUEST",
  "KeySchema": [{{"AttributeName": "filename", "KeyType": "HASH"}}],
  "AttributeDefinitions": [{{"AttributeName": "filename", "AttributeType": "S"}},
                           {{"AttributeName": "Author", "AttributeType": "S"}}],
  "GlobalSecondaryIndexes": [{{"IndexName": "Author-index", "Projection": {{"ProjectionType": "ALL"}},
    "KeySchema": [{{"AttributeName": "Author", "KeyType": "HASH"}},
                  {{"AttributeName": "filename", "KeyType": "RANGE"}}]}}]}})";

}  // namespace

moto_server& moto_server::shared() {
  static moto_server one;
  return one;
}

moto_server::moto_server() {
  start();
  connect();
}

moto_server::~moto_server() {
  access_.reset();
  ::close(to_child_);
  ::waitpid(process_, nullptr, 0);
}

void moto_server::start() {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) give_up("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  std::string python = DOSSIER_TEST_PYTHON;
  std::string script = DOSSIER_MOTO_SCRIPT;
  std::string quiet = "-B";
  std::array<char*, 4> command{python.data(), quiet.data(), script.data(), nullptr};
  const int failed = ::posix_spawn(&process_, python.c_str(), &actions, nullptr, command.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  to_child_ = in[1];
  if (failed != 0) give_up(python + " cannot be run");
  url_ = first_line_of(out[0]);
  ::close(out[0]);
  if (!url_.starts_with("http://")) give_up("it ended");
}

void moto_server::connect() {
  const std::map<std::string, std::string, std::less<>> variables = {
      {"AWS_ENDPOINT_URL", url_},       {"AWS_REGION", "us-east-1"},
      {"AWS_ACCESS_KEY_ID", "tests"},   {"AWS_SECRET_ACCESS_KEY", "secret"},
      {"AWS_CONFIG_FILE", "/dev/null"}, {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"}};
  auto settings = aws::load_settings([variables](std::string_view name) -> std::optional<std::string> {
    const auto at = variables.find(name);
    return at == variables.end() ? std::nullopt : std::optional(at->second);
  });
  if (!settings) give_up(settings.error().message);
  access_ = std::make_unique<aws::access>(std::move(*settings), clock_, random_);
}

aws::response moto_server::call(aws::request what) {
  auto answer = run_sync(access_->calls().call(std::move(what)));
  if (!answer) throw std::runtime_error(answer.error().code + ": " + answer.error().message);
  return std::move(*answer);
}

std::string moto_server::make_bucket() {
  auto name = fmt::format("bucket-{}", ++names_);
  auto request = aws::s3::head_bucket(
      aws::s3::make_bucket(aws::endpoint_of(access_->settings(), aws::service::s3).value(), name));
  request.method = "PUT";
  call(std::move(request));
  return name;
}

void moto_server::keep_versions(const std::string& bucket) {
  auto request = aws::s3::get_bucket_versioning(
      aws::s3::make_bucket(aws::endpoint_of(access_->settings(), aws::service::s3).value(), bucket));
  request.method = "PUT";
  request.body =
      aws::text_body("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
  call(std::move(request));
}

std::string moto_server::make_table() {
  auto name = fmt::format("table-{}", ++names_);
  call({.what = {"dynamodb", "CreateTable", "dynamodb:CreateTable"},
        .where = aws::endpoint_of(access_->settings(), aws::service::dynamodb).value(),
        .method = "POST",
        .headers = {{"Content-Type", "application/x-amz-json-1.0"},
                    {"X-Amz-Target", "DynamoDB_20120810.CreateTable"}},
        .body = aws::text_body(fmt::format(table_definition, name))});
  return name;
}

}  // namespace dossier::fakes
