#include "http/client_address.h"

#include <initializer_list>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace dossier::http {
namespace {

std::vector<address_network> networks(std::initializer_list<const char*> texts) {
  std::vector<address_network> all;
  for (const char* text : texts) {
    auto one = parse_network(text);
    EXPECT_TRUE(one) << text;
    if (one) all.push_back(*one);
  }
  return all;
}

std::string client(std::string_view peer, std::vector<std::string_view> lines,
                   std::initializer_list<const char*> proxies = {"10.0.0.0/8", "fd00::/8"}) {
  std::vector<header_field> fields = {{"Host", "a"}};
  for (const auto line : lines) fields.emplace_back("X-Forwarded-For", line);
  fields.emplace_back("X-Real-IP", "203.0.113.77");
  return client_address(peer, fields, networks(proxies));
}

TEST(client_address, is_the_peers_when_it_is_no_known_proxy) {
  EXPECT_EQ(client("192.0.2.1", {}), "192.0.2.1");
  EXPECT_EQ(client("192.0.2.1", {"198.51.100.9"}), "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", {"198.51.100.9"}, {}), "10.0.0.1");
  EXPECT_EQ(client("", {"198.51.100.9"}), "");
}

TEST(client_address, is_what_the_last_proxy_saw) {
  EXPECT_EQ(client("10.0.0.1", {"198.51.100.9"}), "198.51.100.9");
  EXPECT_EQ(client("10.0.0.1", {}), "10.0.0.1");
}

TEST(client_address, is_not_what_the_client_says_of_itself) {
  EXPECT_EQ(client("10.0.0.1", {"127.0.0.1, 198.51.100.9"}), "198.51.100.9");
  EXPECT_EQ(client("10.0.0.1", {"10.0.0.2, 198.51.100.9"}), "198.51.100.9");
  EXPECT_EQ(client("10.0.0.1", {"127.0.0.1", "198.51.100.9"}), "198.51.100.9");
}

TEST(client_address, is_found_behind_two_proxies) {
  EXPECT_EQ(client("10.0.0.1", {"198.51.100.9, 10.9.9.9"}), "198.51.100.9");
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.5, 198.51.100.9 ,10.9.9.9"}), "198.51.100.9");
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.5, 198.51.100.9", "10.9.9.9"}), "198.51.100.9");
  // The client is in the network of the proxies itself.
  EXPECT_EQ(client("10.0.0.1", {"10.3.3.3, 10.9.9.9"}), "10.3.3.3");
}

TEST(client_address, may_be_ipv6) {
  EXPECT_EQ(client("fd00::1", {"2001:DB8::0:1"}), "2001:db8::1");
  EXPECT_EQ(client("fd00::1", {"2001:db8::1, fd00::2"}), "2001:db8::1");
  EXPECT_EQ(client("fd00::1", {"[2001:db8::1]:4711"}), "2001:db8::1");
  EXPECT_EQ(client("fd00::1", {"[2001:db8::1]"}), "2001:db8::1");
  EXPECT_EQ(client("::ffff:10.0.0.1", {"198.51.100.9"}), "198.51.100.9");
  EXPECT_EQ(client("10.0.0.1", {"::ffff:198.51.100.9"}), "198.51.100.9");
}

TEST(client_address, may_come_with_a_port) {
  EXPECT_EQ(client("10.0.0.1", {"198.51.100.9:4711"}), "198.51.100.9");
}

TEST(client_address, ends_at_what_is_no_address) {
  for (const char* odd : {"unknown", "_hidden", "", " ", "198.51.100.9x", "1.2.3", "fe80::1%eth0", "[",
                          "[]:1", "999.1.1.1", "<script>"}) {
    EXPECT_EQ(client("10.0.0.1", {odd}), "10.0.0.1") << odd;
    const auto line = std::string("203.0.113.5, ") + odd + ", 10.2.2.2";
    EXPECT_EQ(client("10.0.0.1", {line}), "10.2.2.2") << odd;
  }
}

TEST(client_address, is_not_sought_for_ever) {
  std::string many = "203.0.113.5";
  for (int i = 0; i < 1'000; ++i) many += ",10.0.0.7";
  EXPECT_EQ(client("10.0.0.1", {many}), "10.0.0.7");
}

TEST(client_network, is_the_address_or_the_network_of_an_ipv6_client) {
  EXPECT_EQ(client_network("198.51.100.9"), "198.51.100.9");
  EXPECT_EQ(client_network("2001:db8:0:1::7"), client_network("2001:db8:0:1:ffff::1"));
  EXPECT_NE(client_network("2001:db8:0:1::7"), client_network("2001:db8:0:2::7"));
  EXPECT_EQ(client_network("::1"), "::1");
  EXPECT_EQ(client_network(""), "");
}

TEST(network, counts_its_bits) {
  EXPECT_EQ(client("10.128.0.1", {"198.51.100.9"}, {"10.128.0.0/9"}), "198.51.100.9");
  EXPECT_EQ(client("10.127.0.1", {"198.51.100.9"}, {"10.128.0.0/9"}), "10.127.0.1");
  EXPECT_EQ(client("10.0.0.2", {"198.51.100.9"}, {"10.0.0.1"}), "10.0.0.2");
  EXPECT_EQ(client("8.8.8.8", {"198.51.100.9"}, {"0.0.0.0/0"}), "198.51.100.9");
  EXPECT_EQ(client("2001:db8::1", {"198.51.100.9"}, {"0.0.0.0/0"}), "2001:db8::1");
  EXPECT_EQ(client("2001:db8::1", {"198.51.100.9"}, {"::/0"}), "198.51.100.9");
}

TEST(network, is_refused_when_it_is_none) {
  for (const char* odd : {"", "/", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "fd00::/129",
                          "host", "10.0.0.0/8/8", "*"}) {
    EXPECT_FALSE(parse_network(odd)) << odd;
  }
}

}  // namespace
}  // namespace dossier::http
