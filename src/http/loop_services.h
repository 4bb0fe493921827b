// What the sessions of one event loop share. `date`, `ids` and `gzip` are used on that loop's thread only;
// the other members are shared by all loops.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/upload_memory.h"
#include "http/client_address.h"
#include "http/compression.h"
#include "http/message.h"
#include "http/server.h"

namespace dossier::http {

// The Date header's value, formatted once a second.
class date_line {
 public:
  std::string_view now();

 private:
  std::int64_t second_ = -1;
  std::string text_;
};

// Makes ids for requests that were sent without one: 16 hexadecimal digits, which no other process is likely
// to make.
class request_ids {
 public:
  request_ids();
  void make(std::string& out);

 private:
  std::uint64_t next_;
};

struct loop_services {
  const server_limits& limits;
  handler& answers;
  const exchange_observer& observer;
  const std::atomic<bool>& draining;
  base::upload_memory& memory;
  date_line date;
  request_ids ids;
  compressor gzip;
  std::span<const address_network> proxies = {};
};

}  // namespace dossier::http
