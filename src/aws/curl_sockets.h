// What libcurl waits for: its sockets, in an epoll, and its timer. Waking up costs what is ready, not what
// goes on: curl_multi_perform() looks at every transfer each time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "aws/curl_library.h"

namespace dossier::aws {

class curl_sockets {
 public:
  // Throws std::system_error when the process has too many files open.
  explicit curl_sockets(CURLM* multi);
  ~curl_sockets();
  curl_sockets(const curl_sockets&) = delete;
  curl_sockets& operator=(const curl_sockets&) = delete;

  // From any thread: wait() returns soon, now or the next time.
  void wake();
  // Waits until a socket is ready, libcurl's timer is due, somebody calls wake() or the time is over, and
  // lets libcurl do what it can.
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

}  // namespace dossier::aws
