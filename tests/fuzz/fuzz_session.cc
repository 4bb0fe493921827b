// A whole session over memory: whatever a client sends and however it is split, the session ends, every
// answer is well formed, and the requests it sees do not depend on the split.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/log.h"
#include "fakes/run.h"
#include "http/session.h"

namespace {

using namespace dossier;

class memory_transport final : public http::transport {
 public:
  memory_transport(std::string_view input, std::size_t step, std::string& output)
      : input_(input), step_(step), output_(output) {}

  awaitable<bool> handshake() override { co_return true; }
  awaitable<std::size_t> read_some(std::span<char> into) override {
    std::size_t size = std::min({into.size(), input_.size(), step_});
    std::memcpy(into.data(), input_.data(), size);
    input_.remove_prefix(size);
    co_return size;
  }
  bool readable() const override { return !input_.empty(); }
  awaitable<std::size_t> write_some(std::span<const asio::const_buffer> pieces, bool) override {
    std::size_t written = 0;
    for (auto piece : pieces) {
      output_.append(static_cast<const char*>(piece.data()), piece.size());
      written += piece.size();
    }
    co_return written;
  }
  bool sends_files() const override { return false; }
  awaitable<std::size_t> send_file(base::file_region) override { co_return 0; }
  awaitable<void> finish() override { co_return; }
  std::optional<std::size_t> unsent() const override { return std::nullopt; }
  bool lingers() const override { return true; }
  void cancel() override {}
  void close() override {}
  void abort() override {}

 private:
  std::string_view input_;
  std::size_t step_;
  std::string& output_;
};

// A handler that notes what it sees of each request, and leaves some bodies unread.
class noting_handler final : public http::handler {
 public:
  awaitable<http::response> handle(http::request& req) override {
    if (!req.path.starts_with('/') && req.path != "*") std::abort();
    seen += req.method + " " + req.path + "?" + req.query + " " + req.host + "\n";
    http::response answer;
    if (req.path != "/unread") {
      for (;;) {
        auto bytes = co_await req.body().next();
        if (!bytes) {
          seen += "!" + bytes.error().message + "\n";
          answer.status = 400;
          break;
        }
        if (bytes->empty()) break;
        seen.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
      }
    }
    answer.body = std::string("ok");
    co_return answer;
  }
  http::response error_page(unsigned status, std::string_view, std::string_view, std::string_view) override {
    seen += "refused " + std::to_string(status) + "\n";
    http::response answer;
    answer.status = status;
    return answer;
  }

  std::string seen;
};

awaitable<void> run(http::session& one) {
  co_await one.run();
}

std::string serve(std::string_view input, std::size_t step) {
  static const http::server_limits limits{.header_bytes = 500, .header_count = 20, .target_bytes = 200};
  static const http::exchange_observer nobody;
  static const std::atomic<bool> draining = false;
  // Every header that says who the client is is read to its end.
  static const std::vector<http::address_network> proxies = {*http::parse_network("::/0")};
  noting_handler answers;
  base::upload_memory memory;
  http::loop_services services{limits, answers, nobody, draining, memory, {}, {}, {}, proxies};
  std::string output;
  http::session one(services, std::make_unique<memory_transport>(input, step, output), "192.0.2.1", false);
  fakes::run_sync(run(one));
  if (!output.empty() && !output.starts_with("HTTP/1.1 ")) std::abort();
  return answers.seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool quiet = (base::start_log(base::log_format::text, base::log_level::off), true);
  (void)quiet;
  if (size == 0) return 0;
  std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::size_t step = data[0] % 64 + 1;
  std::string split = serve(input, step), whole = serve(input, input.size() + 1);
  if (!split.starts_with(whole) && !whole.starts_with(split)) std::abort();
  return 0;
}
