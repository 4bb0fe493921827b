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

// The bytes of a request, readable from any place as often as needed: a retry starts again at 0.
//
// The transport's thread reads; it must not wait long (memory, or a local file).
class body {
 public:
  virtual ~body() = default;
  virtual std::uint64_t size() const = 0;
  // Reads into `into` what there is from `offset` on, and returns how much; empty when it cannot be read.
  // From any thread.
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

// An HTTP request as it goes out, and its answer: all that the transport knows. Nothing here is about AWS.
struct header {
  std::string name;
  std::string value;
  bool operator==(const header&) const = default;
};
using headers = std::vector<header>;

// The value of the first header of this name, in any case of letters; null when there is none.
const std::string* find_header(const headers& all, std::string_view name);

// Zero means without limit.
struct time_limits {
  std::chrono::milliseconds connect{3'000};  // name, TCP and TLS
  // From the last byte sent to the first of the answer.
  std::chrono::milliseconds first_byte{15'000};
  std::chrono::milliseconds stall{10'000};  // once it flows: less than a kilobyte in this time
  std::chrono::milliseconds whole{0};       // all of it, waiting for a free connection included
};

struct http_request {
  std::string method = "GET";
  std::string url;  // encoded; sent as it is
  aws::headers headers = {};
  body_ptr body = nullptr;
  time_limits limits = {};
  std::size_t max_response = std::size_t{4} << 20;  // bytes of an answer that is kept in memory
};

struct response {
  int status = 0;
  aws::headers headers = {};
  std::string body = {};

  const std::string* find(std::string_view name) const { return find_header(headers, name); }
};

// The head has come; the body comes as it is pulled. Letting go of the body ends the transfer.
struct streamed_response {
  int status = 0;
  aws::headers headers = {};
  std::unique_ptr<base::byte_source> body = {};

  const std::string* find(std::string_view name) const { return find_header(headers, name); }
};

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
