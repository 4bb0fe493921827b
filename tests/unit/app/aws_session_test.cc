// Settings that are kept in AWS, read at start.
#include <atomic>
#include <map>

#include <gtest/gtest.h>

#include "app/aws_session.h"
#include "fakes/raw_server.h"

namespace dossier::app {
namespace {

using namespace std::chrono_literals;

// A Parameter Store that throttles the first calls.
struct throttling_store {
  explicit throttling_store(int calls) : left(calls) {}

  aws_session session(reading_patience patience) const {
    const std::map<std::string, std::string, std::less<>> variables{{"AWS_ENDPOINT_URL", server.url("")},
                                                                    {"AWS_REGION", "eu-central-1"},
                                                                    {"AWS_ACCESS_KEY_ID", "key"},
                                                                    {"AWS_SECRET_ACCESS_KEY", "secret"},
                                                                    {"AWS_MAX_ATTEMPTS", "1"}};
    return aws_session(
        [variables](std::string_view name) -> std::optional<std::string> {
          const auto at = variables.find(name);
          return at == variables.end() ? std::nullopt : std::optional(at->second);
        },
        {}, patience);
  }

  std::atomic<int> left;
  std::atomic<int> asked = 0;
  fakes::raw_server server{[this](fakes::raw_connection& client) {
    while (!client.read().head.empty()) {
      ++asked;
      const bool throttles = left.fetch_sub(1) > 0;
      if (throttles) {
        client.answer(400, R"({"__type":"ThrottlingException","message":"Rate exceeded"})");
      } else {
        client.answer(200, R"({"Parameter":{"Name":"host","Type":"String","Value":"db.example"}})");
      }
    }
  }};
};

const reference host{reference::place::parameter, "host", ""};
const reading_patience no_pauses{.first_pause = 1ms, .longest_pause = 2ms, .whole = 60s};

TEST(aws_session, reads_again_what_is_throttled_at_start) {
  throttling_store store(7);
  auto session = store.session(no_pauses);
  EXPECT_EQ(session.read(host), "db.example");
  EXPECT_EQ(store.asked, 8);
}

TEST(aws_session, gives_up_after_its_time) {
  throttling_store store(1'000);
  auto session = store.session({.first_pause = 1ms, .longest_pause = 2ms, .whole = 20ms});
  const auto told = session.read(host);
  ASSERT_FALSE(told);
  EXPECT_TRUE(told.error().message.contains("ThrottlingException")) << told.error().message;
  EXPECT_GT(store.asked, 1);
}

TEST(aws_session, asks_once_when_somebody_waits) {
  throttling_store store(1'000);
  auto session = store.session({.first_pause = 1h, .longest_pause = 1h, .whole = 24h});
  session.no_more_patience();
  EXPECT_FALSE(session.read(host));
  EXPECT_EQ(store.asked, 1);
}

}  // namespace
}  // namespace dossier::app
