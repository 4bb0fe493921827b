// An HTTP request as it goes out and its answer: what the transport knows. Nothing of AWS in here.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aws/body.h"
#include "base/byte_source.h"

namespace dossier::aws {

struct header {
  std::string name;
  std::string value;
  bool operator==(const header&) const = default;
};
using headers = std::vector<header>;

// The first header of this name (letter case does not matter), or nothing.
const std::string* find_header(const headers& all, std::string_view name);

// Zero means without limit.
struct time_limits {
  std::chrono::milliseconds connect{3'000};  // name, TCP and TLS
  // From the last byte sent to the first of the answer.
  std::chrono::milliseconds first_byte{15'000};
  std::chrono::milliseconds stall{10'000};  // without a kilobyte going either way, once it flows
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

}  // namespace dossier::aws
