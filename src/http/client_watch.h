// Whether a client whose answer takes a while is still there. Looks now and then, on the client's loop.
//
// A client that resets its connection has left. One that ends its sending side may have closed, or may still
// wait for its answer (shutdown(SHUT_WR), nc -N): the same to the eye. So it is told "100 Continue", which
// every client of HTTP/1.1 must pass over (RFC 9110, section 15.2): whoever has closed answers that with a
// reset. A client of HTTP/1.0 may not be told such a thing, and counts as waiting. Over TLS, where nobody
// waits behind the end of his own stream, an end is an end.
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
  // Calls `left` when it has left, on the loop. The connection must not be used by others, and lives until
  // end().
  static std::shared_ptr<client_watch> begin(const asio::any_io_executor& loop, transport& connection,
                                             bool may_be_told, std::function<void()> left);
  client_watch(const asio::any_io_executor& loop, transport& connection, bool may_be_told,
               std::function<void()> left);

  std::stop_token token() const { return left_.get_token(); }
  void end();

 private:
  static awaitable<void> look_now_and_then(std::shared_ptr<client_watch> self);
  void look();

  transport* connection_;  // null when it ended
  bool may_be_told_;
  std::function<void()> on_left_;
  std::stop_source left_;
  asio::steady_timer timer_;
};

}  // namespace dossier::http
