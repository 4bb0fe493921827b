#include "stores/checks/mysql_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dossier::stores {
namespace {

using domain::severity;
using domain::store_finding;
using enum domain::severity;

// Only migrations need the last four.
constexpr std::array<std::string_view, 8> privileges{"SELECT", "INSERT", "UPDATE", "DELETE",
                                                     "CREATE", "ALTER",  "INDEX",  "REFERENCES"};

struct release {
  int major = 0;
  int minor = 0;
  auto operator<=>(const release&) const = default;
};

release release_of(std::string_view version) {
  release found;
  const auto* end = version.data() + version.size();
  const auto major = std::from_chars(version.data(), end, found.major);
  if (major.ec == std::errc() && major.ptr != end && *major.ptr == '.') {
    std::from_chars(major.ptr + 1, end, found.minor);
  }
  return found;
}

// Matches like SQL's LIKE: % is any text, _ is any one character, and \ makes the next character an ordinary
// one.
bool is_like(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '%') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      if (is_like(text.substr(skip), pattern.substr(1))) return true;
    }
    return false;
  }
  if (text.empty()) return false;
  if (pattern.front() == '_') return is_like(text.substr(1), pattern.substr(1));
  if (pattern.front() == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
  return text.front() == pattern.front() && is_like(text.substr(1), pattern.substr(1));
}

struct grant {
  std::string_view what;  // "SELECT, INSERT"
  std::string_view on;    // "`dossier`.*"
};

// GRANT … ON … TO …; the grant of a role has no ON.
std::optional<grant> read_grant(std::string_view line) {
  constexpr std::string_view begin = "GRANT ";
  if (!line.starts_with(begin)) return std::nullopt;
  line.remove_prefix(begin.size());
  const auto on = line.find(" ON ");
  if (on == std::string_view::npos) return std::nullopt;
  const auto rest = line.substr(on + 4);
  return grant{line.substr(0, on), rest.substr(0, rest.find(" TO "))};
}

bool is_on(std::string_view place, std::string_view database) {
  if (place == "*.*") return true;
  if (!place.starts_with('`') || !place.ends_with("`.*")) return false;
  return is_like(database, place.substr(1, place.size() - 4));
}

bool names(std::string_view list, std::string_view privilege) {
  for (std::size_t at = 0; at < list.size();) {
    const auto end = std::min(list.find(", ", at), list.size());
    const auto one = list.substr(at, end - at);
    if (one == privilege || one == "ALL PRIVILEGES") return true;
    at = end + 2;
  }
  return false;
}

std::string_view value(const auto& variables, std::string_view name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string_view() : std::string_view(found->second);
}

class mysql_findings {
 public:
  explicit mysql_findings(const mysql_facts& database) : database_(database) {}

  std::vector<store_finding> all() {
    version();
    tls();
    session();
    durability();
    tables();
    rights();
    room();
    if (auto one = check_clock("The database", database_.ahead)) found_.push_back(std::move(*one));
    return std::move(found_);
  }

 private:
  void say(severity level, const char* what, std::string is, std::string to_do = {}) {
    found_.push_back({level, what, std::move(is), std::move(to_do)});
  }

  void version() {
    const auto& text = database_.version;
    const bool mariadb = text.contains("MariaDB");
    const auto is = release_of(text);
    const auto lowest = mariadb ? release{10, 6} : release{8, 0};
    if (is < lowest) {
      say(error, "version", fmt::format("The server is {}, which is too old.", text),
          "Use MySQL 8.0 or later, or MariaDB 10.11 or later.");
    } else if (mariadb && is < release{10, 11}) {
      say(warning, "version", fmt::format("The server is {}, which Dossier is not tested with.", text),
          "Use MariaDB 10.11 or later.");
    } else {
      say(note, "version", fmt::format("The server is {}, which is supported.", text));
    }
  }

  void tls() {
    if (!database_.tls_version.empty() && database_.tls_required) {
      say(note, "tls",
          fmt::format("The connection is encrypted ({}); the server's certificate and name are verified.",
                      database_.tls_version));
      return;
    }
    const char* is = database_.tls_version.empty()
                         ? "The connection is not encrypted."
                         : "The connection is encrypted, but nobody verified with whom.";
    if (database_.this_machine)
      return say(note, "tls", fmt::format("{} It does not leave this machine.", is));
    say(warning, "tls", is, "Set mysql.tls = \"required\", and mysql.ca_file to the CA's certificate.");
  }

  void session() {
    const auto mode = value(database_.session, "sql_mode");
    if (!mode.contains("STRICT_ALL_TABLES")) {
      say(error, "sql_mode", "The session is not strict, so that the database may cut what it keeps.",
          "See what changes sql_mode between Dossier and the server: a proxy, or init_connect.");
    }
    auto isolation = value(database_.session, "transaction_isolation");
    if (isolation.empty()) isolation = value(database_.session, "tx_isolation");
    if (isolation != "READ-COMMITTED") {
      say(error, "isolation",
          fmt::format("The session's isolation is {}, and not READ-COMMITTED.", isolation),
          "See what changes it between Dossier and the server: a proxy, or init_connect.");
    }
    if (database_.charset != "utf8mb4") {
      say(warning, "charset",
          fmt::format("The database's character set is {}; Dossier's own tables are utf8mb4.",
                      database_.charset),
          fmt::format("ALTER DATABASE `{}` CHARACTER SET utf8mb4", database_.database));
    }
  }

  void durability() {
    const auto flush = value(database_.global, "innodb_flush_log_at_trx_commit");
    const auto binlog = value(database_.global, "log_bin");
    const auto sync = value(database_.global, "sync_binlog");
    if (!flush.empty() && flush != "1") {
      say(warning, "durability",
          fmt::format("innodb_flush_log_at_trx_commit is {}: a crash of the database's machine loses up to a "
                      "second of what was acknowledged.",
                      flush),
          "Set innodb_flush_log_at_trx_commit = 1.");
    }
    if (binlog == "ON" && !sync.empty() && sync != "1") {
      say(warning, "durability",
          fmt::format("sync_binlog is {}: after a crash, replicas and restores may lack what was "
                      "acknowledged.",
                      sync),
          "Set sync_binlog = 1.");
    }
    if (value(database_.global, "read_only") == "ON") {
      say(error, "read_only", "The server is read-only: a replica, or a primary that has stepped down.",
          "Connect to the primary (the cluster's writer endpoint).");
    }
  }

  void tables() {
    if (database_.other_engines.empty()) return;
    say(error, "engine",
        fmt::format("These tables are not kept by InnoDB: {}.", fmt::join(database_.other_engines, ", ")),
        "ALTER TABLE … ENGINE = InnoDB for each of them: without it nothing is a transaction.");
  }

  void rights() {
    const auto missing = missing_privileges(database_.grants, database_.database);
    for (const auto privilege : missing) {
      const bool always = std::ranges::find(privileges, privilege) < privileges.begin() + 4;
      say(always ? error : warning, "permission",
          fmt::format("The privilege {} is missing{}.", privilege, always ? "" : "; migrations need it"),
          fmt::format("GRANT {} ON `{}`.* TO this user", privilege, database_.database));
    }
  }

  void room() {
    const auto text = value(database_.global, "max_connections");
    unsigned most = 0;
    std::from_chars(text.data(), text.data() + text.size(), most);
    if (most == 0 || most > database_.connections * 2) return;
    say(warning, "connections",
        fmt::format("The server takes {} connections, and each node opens up to {}.", most,
                    database_.connections),
        "Raise max_connections, or lower mysql.connections.");
  }

  const mysql_facts& database_;
  std::vector<store_finding> found_;
};

}  // namespace

std::vector<store_finding> findings_of(const mysql_facts& database) {
  return mysql_findings(database).all();
}

// The privileges of a role are not looked up. If one of the grants is a role, no privilege is reported as
// missing.
std::vector<std::string_view> missing_privileges(const std::vector<std::string>& grants,
                                                 std::string_view database) {
  std::vector<std::string_view> missing;
  std::vector<grant> ours;
  for (const auto& line : grants) {
    const auto one = read_grant(line);
    if (!one && line.starts_with("GRANT ")) return missing;
    if (one && is_on(one->on, database)) ours.push_back(*one);
  }
  for (const auto privilege : privileges) {
    const bool given =
        std::ranges::any_of(ours, [&](const grant& one) { return names(one.what, privilege); });
    if (!given) missing.push_back(privilege);
  }
  return missing;
}

std::optional<store_finding> check_clock(std::string_view whose, std::chrono::milliseconds ahead) {
  using namespace std::chrono_literals;
  const auto off = ahead < 0ms ? -ahead : ahead;
  if (off <= 5s) return std::nullopt;
  return store_finding{off > 4min ? error : warning, "clock",
                       fmt::format("{}'s clock is {} s {} this machine's.", whose, off.count() / 1000,
                                   ahead < 0ms ? "behind" : "ahead of"),
                       "Set this machine's clock by NTP (timedatectl set-ntp true)."};
}

}  // namespace dossier::stores
