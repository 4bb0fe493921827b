// Watches whether the client of a slow request is still there. Looks now and then, on the connection's loop.
//
// A client that resets its connection has left. One that ends its sending side has either closed its socket
// or still waits for its answer (shutdown(SHUT_WR), nc -N): from here both look the same. So it is sent
// "100 Continue", which every HTTP/1.1 client must ignore (RFC 9110, section 15.2); a socket that was
// closed answers with a reset. An HTTP/1.0 client must not be sent that, and counts as waiting. Over TLS a
// client that ends its stream has left: none waits for an answer after that.
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
  // Calls `left` on the loop when the client has left. Until end() the connection lives, and nothing else
  // uses it.
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
