// Malformed and ambiguous requests over a real socket: one 4xx answer, then the connection ends, and nothing
// that follows on it is ever taken for a request.
#include <gtest/gtest.h>

#include "loopback.h"

namespace dossier::http {
namespace {

struct attack {
  const char* name;
  std::string bytes;
  int status;
};

class strictness : public testing::TestWithParam<attack> {};

TEST_P(strictness, is_refused_and_the_connection_closed) {
  test_server server;
  raw_client client(server.port());
  client.send(GetParam().bytes + get("/hello"));
  auto seen = client.receive();
  EXPECT_EQ(seen.status, GetParam().status);
  EXPECT_EQ(seen.headers["connection"], "close");
  EXPECT_TRUE(seen.headers.contains("x-request-id"));
  EXPECT_TRUE(client.closed());
}

const std::string start = "POST /size HTTP/1.1\r\nHost: h\r\n";

INSTANTIATE_TEST_SUITE_P(
    requests, strictness,
    testing::Values(
        attack{"no_host", "GET / HTTP/1.1\r\n\r\n", 400},
        attack{"two_hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        attack{"length_and_encoding",
               start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        attack{"encoding_and_length",
               start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
        attack{"unknown_encoding", start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
        attack{"encoding_list", start + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400},
        attack{"hidden_encoding", start + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400},
        attack{"encoding_in_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        attack{"line_feed_ends_a_chunk", start + "Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", 400},
        attack{"line_feed_ends_chunks", start + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\n\n", 400},
        attack{"line_feed_in_an_extension",
               start + "Transfer-Encoding: chunked\r\n\r\n1;a=\"b\nc\"\r\na\r\n0\r\n\r\n", 400},
        attack{"two_lengths", start + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
        attack{"bare_line_feeds", "GET / HTTP/1.1\nHost: h\n\n", 400},
        attack{"space_before_colon", start + "X : a\r\n\r\n", 400},
        attack{"folded_header", start + "X: a\r\n b\r\n\r\n", 400},
        attack{"binary", std::string("\x16\x03\x01\x02\0\x01\0\n", 8), 400},
        attack{"http_2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        attack{"traversal", "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        attack{"null_byte", "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        attack{"long_address", "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 414},
        attack{"long_header", start + "X: " + std::string(20'000, 'a') + "\r\n\r\n", 431}),
    [](const auto& one) { return one.param.name; });

TEST(absolute_address, does_not_excuse_a_malformed_host) {
  test_server server;
  raw_client client(server.port());
  client.send("GET http://h/hello HTTP/1.1\r\nHost: a b\r\n\r\n");
  EXPECT_EQ(client.receive().status, 400);
}

}  // namespace
}  // namespace dossier::http
