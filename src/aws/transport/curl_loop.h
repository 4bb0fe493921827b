// The thread that runs all transfers, with libcurl's multi interface, a queue for each kind of transfer, and
// limits.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "aws/transport/curl_library.h"
#include "aws/transport/curl_transport.h"
#include "aws/transport/transfer.h"

namespace dossier::aws {

// Waits for libcurl's sockets, with an epoll, and for its timer. A wake-up handles only what is ready;
// curl_multi_perform() would check every transfer each time.
class curl_sockets {
 public:
  // Throws std::system_error when the process has too many files open.
  explicit curl_sockets(CURLM* multi);
  ~curl_sockets();
  curl_sockets(const curl_sockets&) = delete;
  curl_sockets& operator=(const curl_sockets&) = delete;

  // May be called from any thread. wait() returns soon: the one that runs, or else the next one.
  void wake();
  // Waits until a socket is ready, libcurl's timer is due, wake() is called or the time is over. Then lets
  // libcurl do what it can.
  void wait(std::chrono::milliseconds at_most);

 private:
  using clock = std::chrono::steady_clock;

  int milliseconds_until_timer(std::chrono::milliseconds at_most) const;
  void act(curl_socket_t on, int ready);
  void watch(curl_socket_t socket, int what);

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long milliseconds, void* self);

  CURLM* const multi_;
  const int epoll_;
  const int woken_;  // an eventfd
  std::optional<clock::time_point> timer_;
};

class curl_loop {
 public:
  explicit curl_loop(curl_options options);
  ~curl_loop();
  curl_loop(const curl_loop&) = delete;
  curl_loop& operator=(const curl_loop&) = delete;

  // May be called from any thread. Every transfer that is started is ended exactly once, on the loop's
  // thread. After stop(), start() ends it at once, on the caller's thread.
  void start(std::shared_ptr<transfer> what);
  void cancel(std::shared_ptr<transfer> what);
  void resume(std::shared_ptr<transfer> what);
  // Ends all transfers, and waits for the end of the thread. Not on the loop's thread. Later calls do
  // nothing.
  void stop();

 private:
  using clock = transfer::clock;
  struct orders {
    std::vector<std::shared_ptr<transfer>> start;
    std::vector<std::shared_ptr<transfer>> cancel;
    std::vector<std::shared_ptr<transfer>> resume;
    bool empty() const { return start.empty() && cancel.empty() && resume.empty(); }
  };
  struct end_multi {
    void operator()(CURLM* multi) const { libcurl().curl_multi_cleanup(multi); }
  };
  struct line {
    std::deque<std::shared_ptr<transfer>> waiting;
    int going = 0;
    int places = 0;
  };

  template <class Change>
  bool order(Change change);
  void run();
  bool carry_out_orders();
  void begin_waiting();
  void begin(std::shared_ptr<transfer> what);
  void collect_ended();
  void check_limits();
  void finish(transfer& what);
  void end_all();
  line& line_of(const transfer& what) { return what.download() ? downloads_ : calls_; }

  const curl_options options_;
  const std::unique_ptr<CURLM, end_multi> multi_;
  curl_sockets sockets_;

  std::mutex mutex_;
  orders orders_;
  bool stopping_ = false;

  // Used only on the loop's thread.
  std::unordered_map<const transfer*, std::shared_ptr<transfer>> going_;
  line calls_;
  line downloads_;
  clock::time_point look_again_ = clock::time_point::max();
  clock::time_point last_look_ = {};
  std::thread thread_;
};

}  // namespace dossier::aws
