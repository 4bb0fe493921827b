#include "http/compression.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "http/response_head.h"
#include "loopback.h"

namespace dossier::http {
namespace {

std::string gunzip(const std::string& bytes) {
  z_stream z{};
  inflateInit2(&z, 15 + 16);
  std::string out(100'000, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  bool whole = inflate(&z, Z_FINISH) == Z_STREAM_END;
  out.resize(whole ? z.total_out : 0);
  inflateEnd(&z);
  return out;
}

response text_answer(std::string type, std::size_t size) {
  response made;
  made.set("Content-Type", std::move(type));
  made.body = std::string(size, 'x');
  return made;
}

bool compresses(response made, std::string_view accepted = "gzip") {
  compressor one;
  one.apply(made, accepted);
  return find_header(made, "content-encoding") != nullptr;
}

TEST(accepts_gzip, reads_qualities) {
  for (auto text : {"gzip", "deflate, gzip;q=0.5", "GZIP", "*", "gzip;q=1.0, *;q=0", "br , gzip ; q=0.001"}) {
    EXPECT_TRUE(accepts_gzip(text)) << text;
  }
  for (auto text : {"", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "identity", "gzipx"}) {
    EXPECT_FALSE(accepts_gzip(text)) << text;
  }
}

TEST(compressor, compresses_text_that_is_worth_it) {
  EXPECT_TRUE(compresses(text_answer("text/html; charset=utf-8", 1024)));
  EXPECT_TRUE(compresses(text_answer("application/problem+json", 2000)));
  EXPECT_FALSE(compresses(text_answer("text/html", 1023)));
  EXPECT_FALSE(compresses(text_answer("image/png", 5000)));
  EXPECT_FALSE(compresses(text_answer("text/html", 5000), "br"));
  auto partial = text_answer("text/html", 5000);
  partial.status = 206;
  EXPECT_FALSE(compresses(std::move(partial)));
  auto encoded = text_answer("text/html", 5000);
  encoded.set("Content-Encoding", "br");
  compressor one;
  one.apply(encoded, "gzip");
  EXPECT_EQ(std::get<std::string>(encoded.body).size(), 5000U);
}

TEST(compressor, gives_the_same_bytes_back_again_and_again) {
  compressor one;
  for (int i = 0; i < 3; ++i) {
    auto made = text_answer("text/plain", 3000 + static_cast<std::size_t>(i));
    one.apply(made, "gzip");
    EXPECT_EQ(gunzip(std::get<std::string>(made.body)), std::string(3000 + static_cast<std::size_t>(i), 'x'));
  }
}

TEST(compressor, says_vary_to_every_client_of_a_compressible_answer) {
  compressor one;
  auto made = text_answer("text/plain", 3000);
  made.set("Vary", "Cookie");
  one.apply(made, std::nullopt);
  EXPECT_EQ(*find_header(made, "vary"), "Cookie, Accept-Encoding");
  EXPECT_EQ(find_header(made, "content-encoding"), nullptr);
}

TEST(compressor, keeps_strong_versions_and_weakens_those_of_static_bytes) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/version", "Accept-Encoding: gzip\r\n"));
  auto version = client.receive();
  EXPECT_EQ(version.headers["etag"], "\"3\"");
  EXPECT_FALSE(version.headers.contains("content-encoding"));
  for (int i = 0; i < 2; ++i) {
    client.send(get("/static", "Accept-Encoding: gzip\r\n"));
    auto fixed = client.receive();
    EXPECT_EQ(fixed.headers["etag"], "W/\"s\"");
    EXPECT_EQ(gunzip(fixed.body), std::string(5000, 'x'));
  }
}

TEST(compressor, is_asked_by_the_session) {
  test_server server;
  raw_client client(server.port());
  client.send(get("/text", "Accept-Encoding: gzip\r\n") + get("/text"));
  auto small = client.receive(), large = client.receive();
  EXPECT_EQ(small.headers["vary"], "Accept-Encoding");
  EXPECT_EQ(gunzip(small.body), large.body);
}

}  // namespace
}  // namespace dossier::http
