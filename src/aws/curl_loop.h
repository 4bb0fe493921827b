// The thread that drives all transfers: libcurl's multi interface, a line for each kind of transfer, limits.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "aws/curl_library.h"
#include "aws/curl_sockets.h"
#include "aws/curl_transport.h"
#include "aws/transfer.h"

namespace dossier::aws {

class curl_loop {
 public:
  explicit curl_loop(curl_options options);
  ~curl_loop();
  curl_loop(const curl_loop&) = delete;
  curl_loop& operator=(const curl_loop&) = delete;

  // From any thread. Every transfer that is started is ended, once, on the loop's thread; after stop() at
  // once, on the caller's.
  void start(std::shared_ptr<transfer> what);
  void cancel(std::shared_ptr<transfer> what);
  void resume(std::shared_ptr<transfer> what);
  // Ends all transfers and the thread. Once.
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
  bool obey();
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

  // Of the thread.
  std::unordered_map<const transfer*, std::shared_ptr<transfer>> going_;
  line calls_;
  line downloads_;
  clock::time_point look_again_ = clock::time_point::max();
  clock::time_point last_look_ = {};
  std::thread thread_;
};

}  // namespace dossier::aws
