// The server: listens, spreads connections over a few event loops, drains, stops.
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
#include "http/message.h"

namespace dossier::http {

using std::chrono::milliseconds;

struct server_limits {
  milliseconds header_time{10'000};   // from connecting, or from a request's first byte, to its last header
  milliseconds idle_time{75'000};     // between requests; longer than a load balancer's (60 s)
  milliseconds stall_time{30'000};    // a body or an answer that does not move at all
  std::uint64_t minimum_rate = 1024;  // bytes a second a body must average after the first stall_time
  std::size_t header_bytes = 16 * 1024;
  std::size_t header_count = 100;
  std::size_t target_bytes = 8 * 1024;
  unsigned connections = 4096;  // more are answered 503 with Retry-After
  unsigned turned_away = 256;   // of those, how many at a time get an error page; others get a line of text
  std::uint64_t drain_bytes = 256 * 1024;  // read of what a handler left of a body; if more, we close
};

struct server_settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;     // 0: any free one
  unsigned threads = 0;          // event loops; 0: as many as processors, at most 4
  std::string certificate_file;  // PEM chain; with key_file: TLS
  std::string key_file;
  server_limits limits;
  // Told now and then, more often while there are connections, how late a loop came to a timer: for that long
  // something held it up, or the machine had no time for it. Called on the loop's thread.
  std::function<void(std::chrono::nanoseconds)> lag_observer = {};
  base::upload_memory* memory = nullptr;  // of this process, outlives the server; null: the server's own
};

class server {
 public:
  // Binds and listens; does not accept yet. Errors say what to do: the port is taken, the certificate is not
  // readable.
  static base::result<std::unique_ptr<server>> listen(server_settings settings, handler& answers,
                                                      exchange_observer observer);
  virtual ~server() = default;

  virtual std::uint16_t port() const = 0;
  // The loops' executors; what runs beside requests (worker, lease keeper) is spawned on the first.
  virtual std::vector<asio::any_io_executor> loops() = 0;
  // Starts the loops' threads and accepts connections.
  virtual void start() = 0;
  // Stops accepting, closes idle connections, and answers running requests with Connection: close. True
  // when all connections are gone; those that remain after the limit are cut, and it is false. Blocks the
  // calling thread, which must not be a loop's.
  virtual bool drain(milliseconds limit) = 0;
  // Cuts what is left and ends the loops, once nothing needs them: no thread of a store has to answer to
  // one any more. False when something still needs them after this long; then call it again, or end the
  // process without destroying the server. Not on a loop's thread.
  virtual bool stop(milliseconds limit) = 0;
  virtual unsigned connections() const = 0;
  // Reads certificate and key again, for future connections; after an error the old ones stay. Does nothing
  // without TLS. From any thread.
  virtual base::result<void> reload_certificate() = 0;
};

}  // namespace dossier::http
