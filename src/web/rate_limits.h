// How many requests a minute one client may send. A client is an address (of IPv6, a /64 network), or a
// token. Each kind of request has a limit of its own, and so does each process.
#pragma once

#include <array>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dossier::web {

// Which limit a route counts against.
enum class counted {
  never,
  intake,   // submissions and uploads
  sign_in,  // passwords and codes
  search,   // lists and searches
  api,      // all other requests of programs
};
inline constexpr int counted_kinds = 5;
std::string_view to_string(counted kind);

// Requests a minute; 0: no limit.
struct request_rates {
  unsigned intake = 300;
  unsigned sign_in = 60;
  unsigned search = 600;
  unsigned api = 6'000;
};

// Lets a client send the requests of a minute at once, and after that one at a time as the minute goes by.
class rate_limiter {
 public:
  using time = std::chrono::steady_clock::time_point;
  explicit rate_limiter(request_rates rates);

  // Counts a request. Empty: it may go on; otherwise it must not, and this is how long to wait.
  std::optional<std::chrono::seconds> take(counted kind, const std::string& client, time now);

  // Of the clients whose last request is longest ago, some are forgotten when there are more.
  static constexpr std::size_t most_clients = 20'000;
  std::size_t clients(counted kind) const;

 private:
  struct bucket {
    std::chrono::nanoseconds each{};  // the share of the minute that one request takes; 0: no limit
    mutable std::mutex mutex;
    std::unordered_map<std::string, time> paid_until;
  };
  static void make_room(bucket& of, time now);

  std::array<bucket, counted_kinds> buckets_;
};

}  // namespace dossier::web
