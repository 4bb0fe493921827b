// Watches whether the client of a slow request is still connected. It checks the connection at intervals, on
// the connection's event loop.
//
// A client that resets its connection has left. A client that ends only its sending side has either closed
// its socket or still waits for its answer (shutdown(SHUT_WR), nc -N); the server cannot see which. So the
// server sends "100 Continue", which every HTTP/1.1 client must ignore (RFC 9110, section 15.2): a closed
// socket answers it with a reset. HTTP/1.0 clients must not be sent a 100, so they count as waiting. Over
// TLS, a client that ends its stream has left: no client waits for an answer after that.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/async.h"
#include "http/transport.h"

namespace dossier::http {

class client_watch {
 public:
  // Calls `left` on the loop when the client has left; that may happen before begin() returns. `may_be_told`:
  // the client may be sent "100 Continue". Until end(), the connection must live, and nothing else may use
  // it.
  static std::shared_ptr<client_watch> begin(const asio::any_io_executor& loop, transport& connection,
                                             bool may_be_told, std::function<void()> left);
  client_watch(const asio::any_io_executor& loop, transport& connection, bool may_be_told,
               std::function<void()> left);

  std::stop_token token() const { return left_.get_token(); }
  void end();

 private:
  static awaitable<void> look_now_and_then(std::shared_ptr<client_watch> self);
  void look();

  transport* connection_;  // null after end(), or when the client has left
  bool may_be_told_;
  std::function<void()> on_left_;
  std::stop_source left_;
  asio::steady_timer timer_;
};

}  // namespace dossier::http
