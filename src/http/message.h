// A request as a handler sees it, and the response it returns. The session (session.h) reads and writes them.
#pragma once

#include <chrono>
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

  std::string method;   // upper case: GET, HEAD, POST, PATCH, DELETE, …
  std::string target;   // as it was sent: /people?q=a%20b
  std::string path;     // percent-decoded once, checked: no NUL, no control characters, no . or .. segments
  std::string query;    // what follows the ?, undecoded (parse_form() in url.h parses it)
  std::string id;       // the client's X-Request-Id if is_sane_id(), else a new one; sent in every answer
  std::string remote;   // the client's address, without port (client_address.h)
  std::string host;     // the Host header (or authority), lower case, with port if given
  bool secure = false;  // whether this process itself speaks TLS to the peer
  std::optional<std::uint64_t> content_length;  // 0 when there is no body; empty when it is chunked
  bool broken_off = false;                      // the client left: nobody reads the answer
  // Called once, when the body was read to its end. An error of it is the answer of that last read: so what
  // was checked before a long body can be checked again before anything is done with it. May be empty.
  std::function<awaitable<base::result<void>>()> at_end_of_body = {};

  // The first header of this name (in any case); empty when it is absent. Valid as long as the request.
  virtual std::optional<std::string_view> header(std::string_view name) const = 0;
  // The body, while it arrives. A client that sent Expect: 100-continue gets its 100 at the first next().
  virtual base::byte_source& body() = 0;
  // The client that sent the request. An IPv6 client is named by its /64 network, because such a network has
  // one owner, who can use any of its addresses. Valid as long as the request.
  virtual base::caller caller() { return {.name = remote}; }
};

struct response {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  // A text; a view of bytes that live as long as the process; or a stream, whose length is stream_length. A
  // stream without a length is sent chunked.
  std::variant<std::string, std::string_view, std::unique_ptr<base::byte_source>> body;
  std::optional<std::uint64_t> stream_length;
  // The pattern of the route, such as /people/{id}: a label for metrics and logs, never the path itself.
  std::string_view route = "other";
  // Handlers answer HEAD as they answer GET: the session sends the headers and leaves out the body.

  void set(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

// An answer with this text as its body.
inline response text_response(unsigned status, std::string content_type, std::string text) {
  response answer{.status = status, .headers = {}, .body = std::move(text), .stream_length = {}};
  answer.set("Content-Type", std::move(content_type));
  return answer;
}

// One per server, called for each request, on the request's event loop. An exception that it throws is logged
// and answered with error_page(500, …).
class handler {
 public:
  virtual ~handler() = default;
  virtual awaitable<response> handle(request& req) = 0;
  // The answer when a request cannot be read (malformed, too slow, too long), and when a handler threw.
  // `message` is safe to show. `accept` is the Accept header, empty when unknown.
  virtual response error_page(unsigned status, std::string_view message, std::string_view id,
                              std::string_view accept) = 0;
};

// What the server tells its observer about each finished request. The observer is called on the loops'
// threads, and must return quickly.
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

// Small rules about header fields that several files share.

// The number, if the text is 1 to 18 digits and nothing else; otherwise empty.
std::optional<std::uint64_t> parse_decimal(std::string_view digits);
// Whether a client's X-Request-Id may be used as the request's id: 1 to 64 characters of [A-Za-z0-9._-].
bool is_sane_id(std::string_view id);
// Whether the text is a token of RFC 9110, such as a header's name or a method.
bool is_token(std::string_view text);

}  // namespace dossier::http
