#include "app/address_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dossier::app {
namespace {

using ::testing::HasSubstr;

TEST(listen_address, is_host_and_port) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:8080").value(), (listen_address{"127.0.0.1", 8080}));
  EXPECT_EQ(parse_listen_address("localhost:0").value(), (listen_address{"localhost", 0}));
  EXPECT_EQ(parse_listen_address("[::1]:8080").value(), (listen_address{"::1", 8080}));
}

TEST(listen_address, that_is_none_says_how_to_write_one) {
  for (const char* text : {"", "8080", "localhost", "localhost:", ":8080", "::1:8080", "127.0.0.1:65536",
                           "127.0.0.1:http", "127.0.0.1:-1", "[::1:8080", "[]:80"}) {
    const auto where = parse_listen_address(text);
    ASSERT_FALSE(where) << text;
    EXPECT_EQ(where.error().code, base::error_code::invalid);
    EXPECT_THAT(where.error().message, HasSubstr("127.0.0.1:8080"));
  }
}

TEST(listen_address, is_shown_as_it_was_given) {
  for (const char* text : {"127.0.0.1:8080", "[::1]:9000", "localhost:1"}) {
    EXPECT_EQ(show(parse_listen_address(text).value()), text);
  }
}

TEST(listening, on_every_loopback_address_needs_no_account) {
  for (const char* host : {"127.0.0.1", "127.8.9.10", "::1", "localhost", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
}

TEST(listening, needs_an_account_wherever_others_could_come_in) {
  for (const char* host : {"0.0.0.0", "::", "192.168.1.10", "128.0.0.1", "10.0.0.1", "fe80::1", "example.org",
                           "localhost.example.org", "::ffff:10.0.0.1", "127.1", "", "2130706433"}) {
    ASSERT_FALSE(is_loopback(host)) << host;
    const auto why = needs_accounts({host, 8080}).message;
    EXPECT_THAT(why, HasSubstr("no accounts"));
    EXPECT_THAT(why, HasSubstr("dossier user add NAME --role admin"));
    EXPECT_THAT(why, HasSubstr("ssh -L"));
  }
}

}  // namespace
}  // namespace dossier::app
