// The HTTP server: it listens, spreads connections over a few event loops, drains them and stops.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/result.h"
#include "base/upload_memory.h"
#include "http/client_address.h"
#include "http/message.h"

namespace dossier::http {

using std::chrono::milliseconds;

struct server_limits {
  milliseconds header_time{10'000};   // from connecting, or from a request's first byte, to its last header
  milliseconds idle_time{75'000};     // between requests; longer than the 60 s of load balancers
  milliseconds stall_time{30'000};    // how long a body or an answer may stop completely
  std::uint64_t minimum_rate = 1024;  // bytes per second, on average, of a body or an answer
  std::size_t header_bytes = 16 * 1024;
  std::size_t header_count = 100;
  std::size_t target_bytes = 8 * 1024;
  unsigned connections = 4096;  // further ones are answered 503 with Retry-After
  unsigned turned_away = 256;   // of those, how many at a time get an error page; others get a line of text
  std::uint64_t drain_bytes = 256 * 1024;  // a longer unread rest of a body closes the connection
};

struct server_settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;     // 0: any free one
  unsigned threads = 0;          // event loops; 0: as many as processors, at most 4
  std::string certificate_file;  // PEM chain; with key_file: TLS
  std::string key_file;
  std::vector<address_network> proxies;  // whose X-Forwarded-For is believed (client_address.h)
  server_limits limits;
  // Called regularly, more often while there are connections, with how late a timer of a loop was: for that
  // long, something blocked the loop or the machine had no time for it. Called on the loop's thread.
  std::function<void(std::chrono::nanoseconds)> lag_observer = {};
  base::upload_memory* memory = nullptr;  // of this process, must outlive the server; null: its own
};

class server {
 public:
  // Binds and listens, but does not accept yet. `answers` must outlive the server. Errors: unavailable (the
  // port cannot be used), invalid (the address or the certificate). The message says what to do.
  static base::result<std::unique_ptr<server>> listen(server_settings settings, handler& answers,
                                                      exchange_observer observer);
  virtual ~server() = default;

  virtual std::uint16_t port() const = 0;
  // The executors of the event loops. Background work (worker, lease keeper) is started on the first one.
  virtual std::vector<asio::any_io_executor> loops() = 0;
  // Starts the loops' threads and accepts connections. Call it once.
  virtual void start() = 0;
  // Stops accepting, closes idle connections, and answers running requests with Connection: close. Returns
  // true when all connections have ended within the limit. Otherwise cuts those that remain and returns
  // false. Blocks the calling thread, which must not be a loop's.
  virtual bool drain(milliseconds limit) = 0;
  // Cuts the remaining connections and ends the loops, as soon as nothing needs them (a thread of a store may
  // still have to deliver a result to one). Returns false when something still needs them after the limit.
  // Then call it again, or end the process without destroying the server. Not on a loop's thread.
  virtual bool stop(milliseconds limit) = 0;
  virtual unsigned connections() const = 0;
  // Reads the certificate and the key again, for new connections. After an error the old ones stay in use.
  // Does nothing without TLS. May be called from any thread.
  virtual base::result<void> reload_certificate() = 0;
};

}  // namespace dossier::http
