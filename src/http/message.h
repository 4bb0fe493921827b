// A request as a handler sees it, and the response it returns. The session (session.h) reads and writes them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/async.h"
#include "base/byte_source.h"
#include "base/caller.h"

namespace dossier::http {

class request {
 public:
  virtual ~request() = default;

  std::string method;  // upper case: GET, HEAD, POST, PATCH, DELETE, …
  std::string target;  // as it was sent: /people?q=a%20b
  std::string path;    // percent-decoded once, checked: no NUL, no control characters, no . or .. segments
  std::string query;   // what follows the ?, undecoded (query.h parses it)
  std::string id;  // the request id: the client's X-Request-Id when it is sane, else ours; in every answer
  std::string remote;   // the peer's address, without port
  std::string host;     // the Host header (or authority), lower case, with port if given
  bool secure = false;  // TLS, here
  std::optional<std::uint64_t> content_length;  // 0 when there is no body; nothing when it is chunked
  bool broken_off = false;                      // the client left: nobody reads the answer

  // The first header of this name (any case); nothing when it is absent. Valid as long as the request.
  virtual std::optional<std::string_view> header(std::string_view name) const = 0;
  // The body as it arrives. A client that waits with Expect: 100-continue is told to go on at the first
  // next().
  virtual base::byte_source& body() = 0;
  // Whoever sent it. An IPv6 client is its network of 64 bits: such a network has one owner, and as many
  // addresses as that one likes. Valid as long as the request.
  virtual base::caller caller() { return {.name = remote}; }
};

struct response {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  // Text; bytes that live as long as the process; or a stream, with its length (none: chunked).
  std::variant<std::string, std::string_view, std::unique_ptr<base::byte_source>> body;
  std::optional<std::uint64_t> stream_length;
  // The pattern that matched, as /people/{id}: a label for metrics and logs, never the path itself.
  std::string_view route = "other";
  // For HEAD the session sends the headers of this response and leaves the body away: handlers answer HEAD as
  // they answer GET.

  void set(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

// One per server, called for each request, on the request's event loop. What it throws is logged and answered
// by internal_error().
class handler {
 public:
  virtual ~handler() = default;
  virtual awaitable<response> handle(request& req) = 0;
  // The answer to what never became a request (malformed, too slow, too long) or made a handler throw:
  // status, a sentence safe to show, the request id. `accept` is the Accept header, empty when unknown.
  virtual response error_page(unsigned status, std::string_view message, std::string_view id,
                              std::string_view accept) = 0;
};

// What the server tells about each finished request; from any loop thread, must be quick.
struct exchange {
  std::string_view method;
  std::string_view route;
  std::string_view id;
  unsigned status = 0;
  std::uint64_t bytes_in = 0;   // of the body
  std::uint64_t bytes_out = 0;  // of the body
  std::chrono::nanoseconds took{};
};
using exchange_observer = std::function<void(const exchange&)>;

}  // namespace dossier::http
