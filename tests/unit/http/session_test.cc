// What a client sees of a session, over a real socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loopback.h"

namespace dossier::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string post(std::string_view path, std::string_view headers, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n" +
         std::string(body);
}

TEST(session, answers_request_after_request_on_one_connection) {
  test_server server;
  raw_client client(server.port());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(client.send(get("/hello")));
    auto seen = client.receive();
    EXPECT_EQ(seen.status, 200);
    EXPECT_EQ(seen.body, "hello");
    EXPECT_TRUE(seen.headers.contains("date"));
    EXPECT_FALSE(seen.headers.contains("server"));
  }
}

TEST(session, answers_pipelined_requests_in_order) {
  test_server server;
  raw_client client(server.port());
  std::string all;
  for (int i = 0; i < 20; ++i) all += post("/echo", "Content-Length: 3\r\n", std::to_string(100 + i));
  client.send(all + get("/hello"));
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(client.receive().body, HasSubstr("[" + std::to_string(100 + i) + "]"));
  EXPECT_EQ(client.receive().body, "hello");
}

// On one loop. Counts how many of the burst are done when a neighbour's request is: times would mean little.
TEST(session, takes_turns_with_its_neighbours_between_the_requests_of_a_burst) {
  test_server server({}, {}, {}, 1);
  raw_client neighbour(server.port()), pipelining(server.port());
  neighbour.send(get("/hello"));
  neighbour.receive();
  constexpr int burst = 1000;
  std::string all;
  for (int i = 0; i < burst; ++i) all += get("/burn");
  pipelining.send(all);
  EXPECT_EQ(pipelining.receive().status, 200);
  for (int i = 0; i < 5; ++i) {
    neighbour.send(get("/burnt"));
    EXPECT_LT(std::stoi(neighbour.receive().body), burst / 2);
  }
}

TEST(session, takes_a_request_byte_by_byte) {
  test_server server;
  raw_client client(server.port());
  for (char c : post("/echo?a=b", "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
    client.send({&c, 1});
  EXPECT_EQ(client.receive().body, "POST /echo ?a=b localhost 127.0.0.1 unknown [abcde]");
}

TEST(session, gives_every_answer_an_id_the_clients_own_when_it_is_sane) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/hello", "X-Request-Id: my-id.1\r\n"));
  EXPECT_EQ(client.receive().headers["x-request-id"], "my-id.1");
  client.send(get("/hello", "X-Request-Id: <script>\r\n") + get("/hello"));
  auto first = client.receive().headers["x-request-id"], second = client.receive().headers["x-request-id"];
  EXPECT_EQ(first.size(), 16U);
  EXPECT_NE(first, second);
}

TEST(session, tells_a_waiting_client_to_go_on_only_when_the_body_is_wanted) {
  test_server server;
  raw_client client(server.port());
  client.send(post("/echo", "Content-Length: 2\r\nExpect: 100-continue\r\n", ""));
  EXPECT_EQ(client.receive().status, 100);
  client.send("ok");
  EXPECT_THAT(client.receive().body, HasSubstr("[ok]"));

  client.send(post("/unread", "Content-Length: 2\r\nExpect: 100-continue\r\n", ""));
  auto refused = client.receive();
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.headers["connection"], "close");
}

TEST(session, does_not_say_continue_when_the_body_is_there_already) {
  test_server server;
  raw_client client(server.port());
  client.send(post("/echo", "Content-Length: 2\r\nExpect: 100-continue\r\n", "ok"));
  EXPECT_EQ(client.receive().status, 200);
}

TEST(session, answers_head_with_the_headers_of_get) {
  test_server server;
  raw_client client(server.port());
  for (auto [path, length] : {std::pair{"/hello", "5"}, {"/file", "1000000"}, {"/big", "67108864"}}) {
    client.send("HEAD " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    auto seen = client.receive(true);
    EXPECT_EQ(seen.status, 200);
    EXPECT_EQ(seen.headers["content-length"], length);
  }
  client.send(get("/hello"));
  EXPECT_EQ(client.receive().body, "hello");
}

TEST(session, sends_no_body_with_204_and_304) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/none") + get("/same") + get("/hello"));
  EXPECT_EQ(client.receive().status, 204);
  auto same = client.receive();
  EXPECT_EQ(same.status, 304);
  EXPECT_FALSE(same.headers.contains("content-length"));
  EXPECT_EQ(client.receive().body, "hello");
}

TEST(session, streams_a_body_of_unknown_length) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/chunks") + get("/hello"));
  auto seen = client.receive();
  EXPECT_TRUE(seen.whole);
  EXPECT_EQ(seen.body, "one " + std::string(20'000, '2') + " three");
  EXPECT_EQ(client.receive().body, "hello");
}

TEST(session, ends_such_a_body_with_the_connection_for_old_clients) {
  test_server server;
  raw_client client(server.port());
  client.send("GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  auto seen = client.receive();
  EXPECT_EQ(seen.headers["connection"], "close");
  EXPECT_EQ(seen.body, "one " + std::string(20'000, '2') + " three");
}

TEST(session, keeps_an_old_clients_connection_when_it_asks) {
  test_server server;
  raw_client client(server.port());
  for (int i = 0; i < 2; ++i) {
    client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.receive().headers["connection"], "keep-alive");
  }
  client.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.receive().body, "hello");
  EXPECT_TRUE(client.closed());
}

TEST(session, closes_when_the_client_asks) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/hello", "Connection: close\r\n"));
  EXPECT_EQ(client.receive().headers["connection"], "close");
  EXPECT_TRUE(client.closed());
}

TEST(session, sends_a_region_of_a_file) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/file") + get("/hello"));
  auto seen = client.receive();
  EXPECT_TRUE(seen.whole);
  EXPECT_EQ(seen.body, std::string(1'000'000, 'f'));
  EXPECT_EQ(client.receive().body, "hello");
}

TEST(session, cuts_the_connection_when_a_stream_fails_half_way) {
  test_server server;
  for (auto path : {"/short", "/fails"}) {
    raw_client client(server.port());
    client.send(get(path));
    auto seen = client.receive();
    EXPECT_EQ(seen.status, 200);
    EXPECT_FALSE(seen.whole) << path;
    EXPECT_TRUE(client.closed());
  }
}

TEST(session, answers_500_when_a_stream_fails_before_its_first_byte) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/fails-first") + get("/hello"));
  auto seen = client.receive();
  EXPECT_EQ(seen.status, 500);
  EXPECT_THAT(seen.body, testing::Not(HasSubstr("fire")));
  EXPECT_EQ(client.receive().body, "hello");
}

TEST(session, answers_500_when_the_handler_throws) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/throw", "Accept: text/html\r\n") + get("/hello"));
  auto seen = client.receive();
  EXPECT_EQ(seen.status, 500);
  EXPECT_THAT(seen.body, HasSubstr("[text/html]"));
  EXPECT_THAT(seen.body, testing::Not(HasSubstr("a bug")));
  EXPECT_EQ(client.receive().body, "hello");
}

TEST(session, reads_away_a_small_body_that_nobody_read) {
  test_server server;
  raw_client client(server.port());
  client.send(post("/unread", "Content-Length: 100000\r\n", std::string(100'000, 'x')) + get("/hello"));
  EXPECT_EQ(client.receive().status, 413);
  EXPECT_EQ(client.receive().body, "hello");
}

TEST(session, lets_the_client_see_the_answer_though_its_large_body_is_not_read) {
  test_server server;
  raw_client client(server.port());
  client.send(post("/unread", "Content-Length: 50000000\r\n", ""));
  client.send(std::string(5'000'000, 'x'));
  auto seen = client.receive();
  EXPECT_EQ(seen.status, 413);
  EXPECT_EQ(seen.headers["connection"], "close");
  EXPECT_TRUE(seen.whole);
}

TEST(session, never_takes_an_unread_body_for_a_request) {
  test_server server;
  raw_client client(server.port());
  std::string hidden = get("/hello");
  client.send(post("/unread", "Content-Length: " + std::to_string(hidden.size()) + "\r\n", hidden) +
              get("/chunks"));
  EXPECT_EQ(client.receive().status, 413);
  EXPECT_THAT(client.receive().body, HasSubstr("three"));
}

TEST(session, reports_a_body_that_ends_too_early) {
  test_server server;
  raw_client client(server.port());
  client.send(post("/size", "Content-Length: 10\r\n", "12345"));
  client.finish();
  EXPECT_EQ(client.receive().status, 400);
  EXPECT_TRUE(client.closed());
}

TEST(session, answers_after_a_malformed_chunk_and_closes) {
  test_server server;
  raw_client client(server.port());
  client.send(post("/size", "Transfer-Encoding: chunked\r\n", "3\r\nabcXX") + get("/hello"));
  auto seen = client.receive();
  EXPECT_EQ(seen.status, 400);
  EXPECT_EQ(seen.headers["connection"], "close");
  EXPECT_TRUE(client.closed());
}

TEST(session, passes_large_bodies_both_ways) {
  test_server server;
  raw_client client(server.port());
  client.send(post("/size", "Content-Length: 20000000\r\n", std::string(20'000'000, 'x')));
  EXPECT_EQ(client.receive().body, "20000000");
  client.send(get("/big"));
  EXPECT_EQ(client.receive().body.size(), 64U << 20);
}

TEST(session, never_sends_a_header_with_a_line_end_in_it) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/split"));
  auto seen = client.receive();
  EXPECT_EQ(seen.body, "split");
  EXPECT_FALSE(seen.headers.contains("x-split"));
  EXPECT_FALSE(seen.headers.contains("x-evil"));
}

TEST(session, takes_the_host_of_an_absolute_address) {
  test_server server;
  raw_client client(server.port());
  client.send("GET http://Example.org/echo HTTP/1.1\r\nHost: other\r\n\r\n");
  EXPECT_THAT(client.receive().body, HasSubstr(" example.org "));
}

TEST(session, tells_the_observer_of_every_exchange) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/hello") + get("/nothing") + "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n");
  client.receive_all();
  EXPECT_THAT(server.exchanges(), ElementsAre("GET /hello 200", "GET other 404", "GET other 400"));
}

}  // namespace
}  // namespace dossier::http
