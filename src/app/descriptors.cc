#include "app/descriptors.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>
#include <thread>
#include <variant>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/log.h"

namespace dossier::app {
namespace {

constexpr unsigned usual_connections = 4096;
constexpr unsigned fewest_connections = 8;
constexpr unsigned most_turned_away = 256;
// Its socket, and the file that it uploads or downloads.
constexpr std::uint64_t of_a_connection = 2;

constexpr std::uint64_t of_the_process = 48;  // standard streams, lock, listening, what libraries open
constexpr std::uint64_t of_a_loop = 4;        // epoll, its timer, its wake-up
constexpr std::uint64_t of_a_database = 3;    // file, log and its index, for each thread that reads or writes
constexpr std::uint64_t threads_beside_loops = 4;  // the writer, and long reads
constexpr std::uint64_t of_aws = 256 + 16;         // calls and downloads at once (aws/session.h)

std::uint64_t loops_of(const settings& chosen) {
  if (chosen.server.threads != 0) return chosen.server.threads;
  return std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
}

template <class Location, class Store>
bool is(const Store& where) {
  return std::holds_alternative<Location>(where);
}

}  // namespace

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  if (limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = raised.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return limit.rlim_cur;
}

std::uint64_t descriptors_of_stores(const settings& chosen, const stores::locations& where) {
  using namespace stores;
  const auto loops = loops_of(chosen);
  std::uint64_t count = of_the_process + loops * of_a_loop;
  const auto of_sqlite = (loops + threads_beside_loops) * of_a_database;
  if (is<sqlite_location>(where.records)) count += of_sqlite;
  if (is<sqlite_location>(where.catalog)) count += of_sqlite;
  if (is<mysql_location>(where.records))
    count += static_cast<std::uint64_t>(chosen.stores.mysql.connections) + 8;
  if (is<folder_location>(where.objects)) count += std::uint64_t{chosen.stores.embedded.disk_threads} * 2;
  const bool aws = is<s3_location>(where.objects) || is<dynamodb_location>(where.catalog);
  if (aws) count += of_aws;
  if (is<s3_location>(where.objects)) {
    base::expects(chosen.stores.s3.sizes.part > 0, "a part of an upload has a size");
    count += static_cast<std::uint64_t>(chosen.stores.s3.sizes.sends_at_once) +
             chosen.stores.s3.sizes.disk / chosen.stores.s3.sizes.part;
  }
  return count;
}

base::result<connection_share> share_of_connections(unsigned asked, std::uint64_t limit,
                                                    std::uint64_t of_stores) {
  connection_share share;
  share.turned_away = static_cast<unsigned>(std::min<std::uint64_t>(most_turned_away, limit / 8));
  const auto taken = of_stores + share.turned_away;
  const auto held = limit > taken ? (limit - taken) / of_a_connection : 0;
  if (held < fewest_connections) {
    return base::fail(
        base::error_code::invalid,
        fmt::format("This process may have {} files open, and Dossier needs at least {} with these "
                    "stores. Raise the limit: ulimit -n, or LimitNOFILE= of its service.",
                    limit, (of_stores + fewest_connections * of_a_connection) * 8 / 7 + 1));
  }
  share.connections =
      static_cast<unsigned>(std::min<std::uint64_t>(asked == 0 ? usual_connections : asked, held));
  base::expects(taken + share.connections * of_a_connection <= limit, "all descriptors fit within the limit");
  return share;
}

base::result<connection_share> make_room_for_connections(const settings& chosen,
                                                         const stores::locations& where) {
  const auto limit = raise_descriptor_limit();
  const auto of_stores = descriptors_of_stores(chosen, where);
  const auto share = share_of_connections(chosen.connections, limit, of_stores);
  if (!share) return share;
  const auto asked = chosen.connections == 0 ? usual_connections : chosen.connections;
  if (share->connections < asked) {
    const auto log = chosen.connections == 0 ? base::log_info : base::log_warning;
    log("fewer connections can be held than are wanted; raise the limit of open files (ulimit -n, "
        "LimitNOFILE=)",
        {{"asked", asked},
         {"held", share->connections},
         {"limit", static_cast<std::int64_t>(
                       std::min<std::uint64_t>(limit, std::numeric_limits<std::int64_t>::max()))},
         {"of_stores", of_stores}});
  }
  return share;
}

}  // namespace dossier::app
