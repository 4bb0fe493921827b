// Uploads to S3 from several loops at once, through one store: they share its quotas and its pool.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "aws/client.h"
#include "base/clock.h"
#include "base/random.h"
#include "fakes/memory_source.h"
#include "fakes/temporary_folder.h"
#include "stores/objects/s3_objects.h"

namespace dossier {
namespace {

// Accepts every request after it has read all bytes, but refuses each seventh part once.
class agreeing_s3 final : public aws::transport {
 public:
  awaitable<aws::sent<aws::response>> send(aws::http_request request) override {
    if (request.body) read(*request.body);
    request.body.reset();
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    const bool part = request.url.contains("partNumber=");
    if (part && parts_.fetch_add(1) % 7 == 6) co_return aws::response{.status = 503};
    aws::response yes{.status = 200, .headers = {{"ETag", "\"1\""}}, .body = {}};
    if (request.method == "POST") yes.body = "<R><UploadId>u</UploadId><ETag>e</ETag></R>";
    co_return yes;
  }
  awaitable<aws::sent<aws::streamed_response>> open(aws::http_request) override {
    co_return std::unexpected(aws::transport_error{});
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  void read(const aws::body& body) {
    std::vector<std::byte> all(body.size());
    bytes_ += body.read(0, all).value_or(0);
  }
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<int> parts_ = 0;
};

class impatient final : public aws::waiter {
 public:
  awaitable<void> wait(std::chrono::milliseconds) override { co_return; }
};

awaitable<void> put_some(stores::s3_objects& store, int thread, std::atomic<int>& stored) {
  for (int i = 0; i < 10; ++i) {
    const auto number = std::to_string(1'000 + thread * 100 + i);
    fakes::memory_source source(std::string(static_cast<std::size_t>(i) * 700, 'x'), 300);
    const auto done = co_await store.put({std::string(32 - number.size(), '0') + number}, source);
    if (done) ++stored;
  }
}

TEST(s3_uploads_of_several_loops, share_their_quotas) {
  agreeing_s3 s3;
  aws::static_credentials who({.access_key = "key", .secret_key = "secret"});
  base::system_clock clock;
  base::system_random random;
  impatient waits;
  aws::client client({s3, who, clock, random, waits});
  fakes::temporary_folder folder;
  base::blocking_pool pool(2);
  const stores::upload_sizes sizes{
      .part = 1'000, .piece = 256, .memory = 256 * 5, .disk = 3'500, .parts_at_once = 2, .sends_at_once = 3};
  const aws::endpoint nowhere{.scheme = "http", .host = "memory", .region = "eu-north-1", .custom = true};
  stores::s3_objects store(client, {.bucket = aws::s3::make_bucket(nowhere, "bucket"), .prefix = ""},
                           {.staging = folder.path(), .sizes = sizes}, pool, {}, {});
  std::atomic<int> stored = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      asio::io_context loop(1);
      for (int i = 0; i < 4; ++i) {
        asio::co_spawn(loop, put_some(store, t * 4 + i, stored), asio::detached);
      }
      loop.run();
    });
  }
  threads.clear();
  EXPECT_EQ(stored, 120);
  EXPECT_GE(s3.bytes(), 12u * 700 * 45) << "parts that were refused went twice";
  EXPECT_EQ(store.staged(), 0u);
}

}  // namespace
}  // namespace dossier
