// The interface that sends HTTP requests. curl_transport.h implements it; tests have their own transports.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/byte_source.h"

namespace dossier::aws {

// The bytes of a request. They can be read from any offset, as often as needed: a retry starts again at 0.
//
// The transport's thread reads them, so reading must not take long (memory, or a local file).
class body {
 public:
  virtual ~body() = default;
  virtual std::uint64_t size() const = 0;
  // Reads bytes from `offset` on into `into`, and returns how many, 0 at the end; empty when they cannot be
  // read. May be called from any thread.
  virtual std::optional<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const = 0;
};

using body_ptr = std::shared_ptr<const body>;

body_ptr text_body(std::string text);

// `length` bytes of an open file from `offset`; `owner` keeps the descriptor open.
struct file_stretch {
  int descriptor = -1;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
body_ptr file_body(file_stretch stretch, std::shared_ptr<const void> owner);

// An HTTP request as it is sent, and its answer. Nothing here is about AWS.
struct header {
  std::string name;
  std::string value;
  bool operator==(const header&) const = default;
};
using headers = std::vector<header>;

// The value of the first header of this name (in any case); null when there is none.
const std::string* find_header(const headers& all, std::string_view name);

// Zero means no limit; for `connect`, libcurl's own limit of 300 s.
struct time_limits {
  std::chrono::milliseconds connect{3'000};  // name look-up, TCP and TLS
  // From the last byte sent to the first of the answer.
  std::chrono::milliseconds first_byte{15'000};
  std::chrono::milliseconds stall{10'000};  // with less than 1 KiB sent or received
  std::chrono::milliseconds whole{0};       // the whole call, with the wait for a free place
};

struct http_request {
  std::string method = "GET";
  std::string url;  // encoded; sent as it is
  aws::headers headers = {};
  body_ptr body = nullptr;
  time_limits limits = {};
  std::size_t max_response = std::size_t{4} << 20;  // bytes of the body, for send()
};

struct response {
  int status = 0;
  aws::headers headers = {};
  std::string body = {};

  const std::string* find(std::string_view name) const { return find_header(headers, name); }
};

// An answer whose head has arrived and whose body is pulled. Destroying the body ends the transfer.
struct streamed_response {
  int status = 0;
  aws::headers headers = {};
  std::unique_ptr<base::byte_source> body = {};

  const std::string* find(std::string_view name) const { return find_header(headers, name); }
};

enum class transport_problem {
  connect,    // no connection: refused, unreachable, unknown name
  tls,        // the server's certificate is not trusted
  timed_out,  // a time limit has passed
  cut,        // the connection broke, or what came was not HTTP
  too_large,  // the answer is larger than max_response
  busy,       // no connection became free in time
  body,       // the request's own body could not be read
  cancelled,  // the caller was cancelled, or the transport stopped
};

struct transport_error {
  transport_problem problem = transport_problem::cut;
  std::string detail;  // for the log
};

template <class T>
using sent = std::expected<T, transport_error>;

// The calling coroutine continues on its own executor. Cancelling it ends the transfer.
class transport {
 public:
  virtual ~transport() = default;
  // The whole answer, whatever its status.
  virtual awaitable<sent<response>> send(http_request request) = 0;
  // The head of the answer, and a body to pull; whatever its status.
  virtual awaitable<sent<streamed_response>> open(http_request request) = 0;
};

}  // namespace dossier::aws
