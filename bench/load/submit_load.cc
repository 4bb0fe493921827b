// Submits people with files, as many at once as there are connections, and prints the result as JSON.
//
//   submit_load --port N [--protocol http|bare] [--connections N] [--requests N] [--size BYTES] [--first N]
//
// One thread, epoll. Every answer is checked: the first that is not a success ends the run without a result.
#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <vector>

#include "load/arguments.h"
#include "load/submit_connection.h"

namespace dossier::bench {
namespace {

using clock = submit_connection::clock;

class submit_run {
 public:
  submit_run(const submit_settings& settings, std::uint64_t first)
      : settings_(settings), noise_(make_noise(1 << 20)), next_(first), end_(first + settings.requests) {
    for (std::uint64_t i = 0; i < settings.connections; ++i) {
      connections_.push_back(std::make_unique<submit_connection>(settings_, noise_));
    }
  }
  ~submit_run() { close(epoll_); }
  submit_run(const submit_run&) = delete;
  submit_run& operator=(const submit_run&) = delete;

  // Seconds from the first byte to the last answer.
  double run() {
    const auto began = clock::now();
    for (auto& each : connections_) start(*each);
    std::array<epoll_event, 64> ready{};
    while (latencies_.size() < settings_.requests) {
      const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), -1);
      for (int i = 0; i < count; ++i) {
        step(*static_cast<submit_connection*>(ready[static_cast<std::size_t>(i)].data.ptr));
      }
    }
    return std::chrono::duration<double>(clock::now() - began).count();
  }

  // Milliseconds, shortest first.
  std::vector<double> latencies() const {
    auto sorted = latencies_;
    std::ranges::sort(sorted);
    return sorted;
  }

 private:
  void start(submit_connection& each) {
    if (next_ == end_) return;
    each.begin(next_++);
    watch(each, EPOLL_CTL_ADD);
  }

  void step(submit_connection& each) {
    const auto waited = each.waiting();
    if (each.advance()) {
      latencies_.push_back(std::chrono::duration<double, std::milli>(clock::now() - each.began()).count());
      if (next_ == end_) {
        epoll_ctl(epoll_, EPOLL_CTL_DEL, each.descriptor(), nullptr);
        return;
      }
      each.begin(next_++);
    }
    if (each.waiting() != waited) watch(each, EPOLL_CTL_MOD);
  }

  void watch(submit_connection& each, int operation) {
    epoll_event event{};
    event.events = each.waiting() == submit_connection::waits_for::writable ? EPOLLOUT : EPOLLIN;
    event.data.ptr = &each;
    epoll_ctl(epoll_, operation, each.descriptor(), &event);
  }

  const submit_settings& settings_;
  const std::vector<char> noise_;
  std::uint64_t next_;
  std::uint64_t end_;
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<submit_connection>> connections_;
  std::vector<double> latencies_;
};

int run(const arguments& options) {
  submit_settings settings;
  settings.protocol = options.text("protocol", "http") == "bare" ? wire_protocol::bare : wire_protocol::http;
  settings.port = static_cast<std::uint16_t>(options.number("port", 0));
  settings.connections = options.number("connections", 1);
  settings.requests = options.number("requests", 1);
  settings.file_size = options.number("size", 100'000);
  submit_run load(settings, options.number("first", 0));
  const double seconds = load.run();
  const auto latencies = load.latencies();
  const auto at = [&](double share) {
    return latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))];
  };
  fmt::print("{{\"seconds\":{:.6f},\"per_second\":{:.2f},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f}}}\n", seconds,
             static_cast<double>(latencies.size()) / seconds, at(0.5), at(0.99));
  return 0;
}

}  // namespace
}  // namespace dossier::bench

int main(int count, char** words) {
  return dossier::bench::run({count, words});
}
