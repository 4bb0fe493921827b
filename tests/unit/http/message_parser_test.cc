#include "http/message_parser.h"

#include <gtest/gtest.h>

namespace dossier::http {
namespace {

// Feeds a message whose bytes arrive `step` at a time; returns its body, or the status of the refusal.
struct outcome {
  unsigned refused = 0;
  bool complete = false;
  std::string body;
  std::size_t left = 0;
};
outcome parse(std::string_view all, std::size_t step, const server_limits& limits = {}) {
  message_parser parser(limits);
  outcome seen;
  std::size_t used = 0, arrived = 0;
  bool in_body = false;
  while (arrived < all.size() || (in_body && used < arrived)) {
    std::size_t before = used;
    if (arrived < all.size()) arrived = std::min(arrived + step, all.size());
    auto bytes = all.substr(used, arrived - used);
    if (!in_body) {
      auto taken = parser.read_head(bytes);
      if (!taken) return seen.refused = taken.error().status, seen;
      used += *taken;
      in_body = *taken > 0;
    } else {
      auto piece = parser.read_body(bytes);
      if (!piece) return seen.refused = piece.error().status, seen;
      used += piece->taken;
      seen.body += piece->data;
    }
    if (in_body && parser.complete()) break;
    if (arrived == all.size() && used == before && in_body) break;
  }
  seen.complete = in_body && parser.complete();
  seen.left = all.size() - used;
  return seen;
}

const std::string host = "Host: h\r\n";

TEST(message_parser, reads_a_message_however_its_bytes_are_split) {
  std::string plain = "\r\nPOST /a HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello";
  std::string chunked =
      "POST /a HTTP/1.1\r\n" + host +
      "Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: t\r\n\r\n";
  for (std::size_t step = 1; step < chunked.size() + 1; ++step) {
    for (const auto& message : {plain, chunked}) {
      auto seen = parse(message, step);
      EXPECT_TRUE(seen.complete) << step;
      EXPECT_EQ(seen.body, "hello") << step;
      EXPECT_EQ(seen.left, 0U) << step;
    }
  }
}

TEST(message_parser, leaves_the_next_message_alone) {
  auto seen = parse("POST / HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\nokGET / HTTP/1.1\r\n\r\n", 1000);
  EXPECT_TRUE(seen.complete);
  EXPECT_EQ(seen.body, "ok");
  EXPECT_EQ(seen.left, 18U);
}

TEST(message_parser, keeps_trailers_out_of_the_headers) {
  server_limits limits;
  message_parser parser(limits);
  std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  ASSERT_EQ(parser.read_head(head), head.size());
  ASSERT_TRUE(parser.read_body("0\r\nX-Late: 1\r\n\r\n"));
  EXPECT_TRUE(parser.complete());
  EXPECT_FALSE(parser.head().field("x-late"));
}

TEST(message_parser, can_be_used_for_one_message_after_the_other) {
  server_limits limits;
  message_parser parser(limits);
  for (int i = 0; i < 3; ++i) {
    parser.begin();
    std::string head =
        "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\nX: " + std::to_string(i) + "\r\n\r\n";
    ASSERT_EQ(parser.read_head(head), head.size());
    EXPECT_TRUE(parser.complete());
    EXPECT_EQ(parser.head().field("x"), std::to_string(i));
    EXPECT_EQ(parser.head().fields.size(), 2U);
  }
}

struct bad {
  std::string message;
  unsigned status;
};
TEST(message_parser, refuses_what_is_ambiguous_or_malformed) {
  std::string get = "GET / HTTP/1.1\r\n", post = "POST / HTTP/1.1\r\n" + host;
  std::vector<bad> all{
      {get + "\r\n", 400},                    // no Host
      {get + host + "Host: h\r\n\r\n", 400},  // two, though alike
      {get + "Host: \r\n\r\n", 400},
      {get + "Host: a b\r\n\r\n", 400},
      {get + "Host: a/b\r\n\r\n", 400},
      {post + "Transfer-Encoding: xchunked\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked, identity\r\n\r\n", 400},
      {post + "Transfer-Encoding: identity, chunked\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400},
      {post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", 400},
      {post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
      {post + "Content-Length: 1, 1\r\n\r\n", 400},
      {post + "Content-Length: +1\r\n\r\n", 400},
      {post + "Content-Length: -1\r\n\r\n", 400},
      {post + "Content-Length: 0x10\r\n\r\n", 400},
      {post + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {post + "Content-Length:\r\n\r\n", 400},
      {"GET / HTTP/1.1\nHost: h\n\n", 400},  // bare LF
      {get + "Host: h\nX: y\r\n\r\n", 400},
      {get + host + "X : y\r\n\r\n", 400},
      {get + host + " X: y\r\n\r\n", 400},
      {get + host + "X: y\r\n z\r\n\r\n", 400},  // folded
      {get + host + "X\r\n\r\n", 400},
      {get + host + ": y\r\n\r\n", 400},
      {get + host + "X: a\rb\r\n\r\n", 400},
      {get + host + std::string("X: a\0b\r\n\r\n", 10), 400},
      {"\r\n\r\n\r\n" + get + host + "\r\n", 400},
      {"GET  / HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /\r\n" + host + "\r\n", 400},
      {"G@T / HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET / HTTP/1.1 \r\n" + host + "\r\n", 505},
      {"GET / HTTP/2.0\r\n" + host + "\r\n", 505},
      {"GET / HTTP/0.9\r\n\r\n", 505},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {post + "Expect: magic\r\n\r\n", 417},
      {post + "Transfer-Encoding: chunked\r\n\r\nx\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n", 400},
  };
  for (const auto& one : all) {
    EXPECT_EQ(parse(one.message, one.message.size()).refused, one.status) << one.message;
    EXPECT_EQ(parse(one.message, 1).refused, one.status) << one.message;
  }
}

// In place of each CR LF, and within a chunk extension. Each is refused without waiting for more bytes.
TEST(message_parser, refuses_a_bare_line_feed_between_chunks) {
  const auto head = "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n";
  for (const std::string body :
       {"1\n", "1\nx\r\n0\r\n\r\n", "1\r\nx\n0\r\n\r\n", "1\r\nx\r\n0\n\r\n", "1\r\nx\r\n0\r\n\n",
        "1\r\nx\r\n0\n\n", "1;a=b\nx\r\n0\r\n\r\n", "1;a=\"b\nc\"\r\nx\r\n0\r\n\r\n",
        "1\r\nx\r\n0\r\nA: b\n\r\n", "1\r\nx\r\n0\r\nA: b\r\n\n"}) {
    EXPECT_EQ(parse(head + body, head.size() + body.size()).refused, 400U) << body;
    EXPECT_EQ(parse(head + body, 1).refused, 400U) << body;
  }
}

TEST(message_parser, leaves_line_feeds_in_the_content_of_chunks_alone) {
  const auto message =
      "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\n\n\n\n\r\n2\r\na\n\r\n0\r\n\r\n";
  for (std::size_t step = 1; step <= message.size(); ++step) {
    const auto seen = parse(message, step);
    EXPECT_TRUE(seen.complete) << step;
    EXPECT_EQ(seen.body, "\n\n\na\n") << step;
  }
}

TEST(message_parser, limits_address_and_headers) {
  server_limits limits;
  limits.target_bytes = 100;
  limits.header_bytes = 500;
  limits.header_count = 5;
  auto with_target = [&](std::size_t size) {
    return parse("GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 7, limits);
  };
  EXPECT_TRUE(with_target(100).complete);
  EXPECT_EQ(with_target(101).refused, 414U);
  EXPECT_EQ(with_target(100'000).refused, 414U);
  auto with_value = [&](std::size_t size) {
    return parse("GET / HTTP/1.1\r\n" + host + "X: " + std::string(size, 'a') + "\r\n\r\n", 7, limits);
  };
  EXPECT_TRUE(with_value(400).complete);
  EXPECT_EQ(with_value(501).refused, 431U);
  EXPECT_EQ(with_value(100'000).refused, 431U);
  auto with_headers = [&](int count) {
    std::string message = "GET / HTTP/1.1\r\n" + host;
    for (int i = 1; i < count; ++i) message += "X: y\r\n";
    return parse(message + "\r\n", 7, limits);
  };
  EXPECT_TRUE(with_headers(5).complete);
  EXPECT_EQ(with_headers(6).refused, 431U);
}

TEST(message_parser, takes_any_method_that_is_a_token) {
  EXPECT_EQ(parse("BREW /pot HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\nok", 5).body, "ok");
}

TEST(message_parser, keeps_old_clients_connections_only_when_they_ask) {
  server_limits limits;
  message_parser parser(limits);
  ASSERT_TRUE(parser.read_head("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_FALSE(parser.head().keep_alive);
  parser.begin();
  ASSERT_TRUE(parser.read_head("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_TRUE(parser.head().keep_alive);
  parser.begin();
  ASSERT_TRUE(parser.read_head("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(parser.head().keep_alive);
}

}  // namespace
}  // namespace dossier::http
