#include "stores/sql/mysql/mysql_commit.h"

#include <array>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/expects.h"
#include "base/log.h"
#include "base/random.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds kept_for = 2h;
// A process may stand still for any length of time and look for its token only after that. This is half of
// kept_for, to leave room for clocks that were changed in the meantime.
constexpr milliseconds looked_for_within = 1h;
// Deleting this many takes some hundredths of a second. Nobody else uses these rows.
constexpr std::int64_t forgotten_at_once = 5'000;

std::string time_in_hex(std::int64_t now_ms) {
  return fmt::format("{:012x}", static_cast<std::uint64_t>(now_ms) & 0xffff'ffff'ffffU);
}

commit_fate read_fate(mysql_connection& on, const std::string& token) {
  query row(on, "SELECT committed FROM commit_token WHERE token = UNHEX(?)", token);
  if (!row.next()) return commit_fate::unknown;
  return row.truth(0) ? commit_fate::committed : commit_fate::not_committed;
}

}  // namespace

void end_session(mysql_connection& on, std::uint64_t session) {
  try {
    on.run_script(fmt::format("KILL CONNECTION {}", session));
  } catch (const mysql_failure& problem) {
    // Usually the session has ended already.
    base::log_debug("old connection not ended", {{"detail", problem.detail()}});
  }
}

commit_token make_commit_token(std::int64_t now_ms) {
  std::array<std::byte, 10> bits;
  base::system_random().fill(bits);
  return {now_ms, time_in_hex(now_ms) + base::hex_encode(bits)};
}

commit_fate look_for_commit(mysql_connection& on, const lost_commit& which) {
  base::expects(which.token.hex.size() == 32, "a lost commit has its token");
  if (on.server_time_ms() - which.token.made_at_ms > looked_for_within.count()) return commit_fate::unknown;
  end_session(on, which.session);
  try {
    execute(on, "INSERT INTO commit_token (token, committed) VALUES (UNHEX(?), 0)", which.token.hex);
    return commit_fate::not_committed;
  } catch (const mysql_failure& problem) {
    if (problem.trouble() != mysql_trouble::duplicate) throw;
  }
  return read_fate(on, which.token.hex);
}

bool forget_commit_tokens(mysql_connection& on) {
  const auto before = time_in_hex(on.server_time_ms() - kept_for.count()) + "00000000000000000000";
  return execute(on, "DELETE FROM commit_token WHERE token < UNHEX(?) ORDER BY token LIMIT ?", before,
                 forgotten_at_once) == forgotten_at_once;
}

}  // namespace dossier::stores::sql
