// Sends HTTP requests. aws/curl_transport.h is the one that does; tests bring others.
#pragma once

#include <expected>
#include <string>

#include "aws/http.h"
#include "base/async.h"

namespace dossier::aws {

enum class transport_problem {
  connect,    // no connection: refused, unreachable, unknown name
  tls,        // the other side is not who it should be
  timed_out,  // one of the time limits
  cut,        // the connection broke, or what came was not HTTP
  too_large,  // the answer is larger than max_response
  busy,       // no connection became free in time
  body,       // the request's own body could not be read
  cancelled,  // the caller or the transport went away
};

struct transport_error {
  transport_problem problem = transport_problem::cut;
  std::string detail;  // for the log
};

template <class T>
using sent = std::expected<T, transport_error>;

// The coroutine goes on where it was, on its own executor. Cancelling it ends the transfer.
class transport {
 public:
  virtual ~transport() = default;
  // The whole answer, whatever its status.
  virtual awaitable<sent<response>> send(http_request request) = 0;
  // The head of the answer, and a body to pull; whatever its status.
  virtual awaitable<sent<streamed_response>> open(http_request request) = 0;
};

}  // namespace dossier::aws
