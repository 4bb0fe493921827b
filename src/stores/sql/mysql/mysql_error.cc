#include "stores/sql/mysql/mysql_error.h"

#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>

namespace dossier::stores::sql {
namespace {

struct known_error {
  unsigned code;
  mysql_trouble trouble;
  // Whether the message quotes only the server's own names: settings, users, hosts, tables. If so, the log
  // gets the whole message; otherwise the quoted text is cut.
  bool quotes_names = true;
};

// The errors that are handled specially. 1000 to 5999 are the servers':
//   https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html (and
//   share/messages_to_clients.txt of MySQL 8 and 9), https://mariadb.com/kb/en/mariadb-error-code-reference/
//   (1900 to 1999, 4000 and more);
// 2000 to 2999 and 5000 to 5019 the client library's (errmsg.h); 9000 to 9010 those of ProxySQL,
// which may stand between Dossier and the server.
using enum mysql_trouble;
constexpr auto known = std::to_array<known_error>({
    {1020, busy},              // ER_CHECKREAD: changed since it was read (MariaDB's snapshot isolation)
    {1021, full},              // ER_DISK_FULL
    {1037, busy},              // ER_OUTOFMEMORY
    {1038, busy},              // ER_OUT_OF_SORTMEMORY
    {1040, lost},              // ER_CON_COUNT_ERROR: too many connections
    {1041, busy},              // ER_OUT_OF_RESOURCES
    {1042, lost},              // ER_BAD_HOST_ERROR
    {1043, lost},              // ER_HANDSHAKE_ERROR
    {1044, refused},           // ER_DBACCESS_DENIED_ERROR
    {1045, refused},           // ER_ACCESS_DENIED_ERROR
    {1047, lost},              // ER_UNKNOWN_COM_ERROR: a node of Galera that is not ready for work
    {1053, lost},              // ER_SERVER_SHUTDOWN
    {1062, duplicate, false},  // ER_DUP_ENTRY
    {1077, lost},              // ER_NORMAL_SHUTDOWN
    {1079, lost},              // ER_SHUTDOWN_COMPLETE
    {1080, lost},              // ER_FORCING_CLOSE
    {1114, full},              // ER_RECORD_FILE_FULL
    {1129, lost},              // ER_HOST_IS_BLOCKED
    {1130, refused},           // ER_HOST_NOT_PRIVILEGED
    {1135, busy},              // ER_CANT_CREATE_THREAD
    {1142, refused},           // ER_TABLEACCESS_DENIED_ERROR
    {1143, refused},           // ER_COLUMNACCESS_DENIED_ERROR
    {1152, lost},              // ER_ABORTING_CONNECTION
    {1158, lost},              // ER_NET_READ_ERROR
    {1159, lost},              // ER_NET_READ_INTERRUPTED
    {1160, lost},              // ER_NET_ERROR_ON_WRITE
    {1161, lost},              // ER_NET_WRITE_INTERRUPTED
    {1180, lost},              // ER_ERROR_DURING_COMMIT: we look up whether it was committed
    {1184, lost},              // ER_NEW_ABORTING_CONNECTION
    {1203, lost},              // ER_TOO_MANY_USER_CONNECTIONS
    {1205, busy},              // ER_LOCK_WAIT_TIMEOUT
    {1206, busy},              // ER_LOCK_TABLE_FULL
    {1213, busy},              // ER_LOCK_DEADLOCK
    {1226, limited},           // ER_USER_LIMIT_REACHED: of connections, or of statements in an hour
    {1227, refused},           // ER_SPECIFIC_ACCESS_DENIED_ERROR
    {1243, statement},         // ER_UNKNOWN_STMT_HANDLER
    {1290, read_only},         // ER_OPTION_PREVENTS_STATEMENT: --read-only
    {1317, lost},              // ER_QUERY_INTERRUPTED: also the error of a killed statement
    {1412, statement},         // ER_TABLE_DEF_CHANGED
    {1461, statement},         // ER_MAX_PREPARED_STMT_COUNT_REACHED
    {1586, duplicate, false},  // ER_DUP_ENTRY_WITH_KEY_NAME
    {1615, statement},         // ER_NEED_REPREPARE
    {1637, busy},              // ER_TOO_MANY_CONCURRENT_TRXS
    {1689, busy},              // ER_LOCK_ABORTED
    {1698, refused},           // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
    {1792, read_only},         // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
    {1820, refused},           // ER_MUST_CHANGE_PASSWORD
    {1836, read_only},         // ER_READ_ONLY_MODE
    {1862, refused},           // ER_MUST_CHANGE_PASSWORD_LOGIN
    {1873, refused},           // ER_ACCESS_DENIED_CHANGE_USER_ERROR
    {1874, read_only},         // ER_INNODB_READ_ONLY
    {1878, full},              // ER_TEMP_FILE_WRITE_FAILURE
    {1927, lost},              // ER_CONNECTION_KILLED (MariaDB)
    {1969, too_slow},          // ER_STATEMENT_TIMEOUT (MariaDB)
    {2000, lost},              // CR_UNKNOWN_ERROR
    {2001, lost},              // CR_SOCKET_CREATE_ERROR
    {2002, lost},              // CR_CONNECTION_ERROR
    {2003, lost},              // CR_CONN_HOST_ERROR
    {2005, lost},              // CR_UNKNOWN_HOST
    {2006, lost},              // CR_SERVER_GONE_ERROR
    {2012, lost},              // CR_SERVER_HANDSHAKE_ERR
    {2013, lost},              // CR_SERVER_LOST
    {2014, lost},              // CR_COMMANDS_OUT_OF_SYNC: an answer was cut
    {2026, lost},              // CR_SSL_CONNECTION_ERROR
    {2027, lost},              // CR_MALFORMED_PACKET
    {2055, lost},              // CR_SERVER_LOST_EXTENDED
    {2059, refused},           // CR_AUTH_PLUGIN_CANNOT_LOAD
    {2061, refused},           // CR_AUTH_PLUGIN_ERR
    {3019, full},              // ER_INNODB_UNDO_LOG_FULL
    {3024, too_slow},          // ER_QUERY_TIMEOUT (MySQL)
    {3032, lost},              // ER_SERVER_OFFLINE_MODE
    {3058, busy},              // ER_USER_LOCK_DEADLOCK
    {3100, read_only},         // ER_RUN_HOOK_ERROR: the group refuses writes
    {3101, busy},              // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: another node of the group was first
    {3118, refused},           // ER_ACCOUNT_HAS_BEEN_LOCKED
    {3159, refused},           // ER_SECURE_TRANSPORT_REQUIRED
    {3168, lost},              // ER_SERVER_ISNT_AVAILABLE
    {3169, lost},              // ER_SESSION_WAS_KILLED
    {3572, busy},              // ER_LOCK_NOWAIT
    {3675, full},              // ER_CAPACITY_EXCEEDED
    {3955, refused},           // ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK
    {4031, lost},              // ER_CLIENT_INTERACTION_TIMEOUT
    {4151, refused},           // ER_ACCOUNT_HAS_BEEN_LOCKED (MariaDB)
    {5010, refused},           // CR_PLUGIN_NOT_ALLOWED
    {5013, lost},              // CR_ERR_NET_READ
    {5014, lost},              // CR_ERR_NET_WRITE
    {9001, lost},              // ProxySQL: no server of the group was reached in time
    {9002, lost},              // ProxySQL: the server went away
    {9006, lost},              // ProxySQL: the connection was killed
});
static_assert(std::ranges::is_sorted(known, std::ranges::less_equal(), &known_error::code));

const known_error* find_known(unsigned code) {
  const auto* const at = std::ranges::lower_bound(known, code, {}, &known_error::code);
  return at != known.end() && at->code == code ? at : nullptr;
}

std::string safe_words(unsigned code, std::string_view message) {
  const auto* one = find_known(code);
  return one != nullptr && one->quotes_names ? std::string(message) : without_quoted(message);
}

base::error_code error_of(unsigned code) {
  if (trouble_of(code) == full) return base::error_code::no_space;
  return trouble_of(code) == other ? base::error_code::internal : base::error_code::unavailable;
}

std::string_view answer_to(unsigned code) {
  switch (trouble_of(code)) {
    case mysql_trouble::full:
      return "The database has no space left. Free some, then try again.";
    case mysql_trouble::read_only:
      return "The records cannot be changed at the moment, only read. Try again in a moment.";
    case mysql_trouble::lost:
    case mysql_trouble::limited:
    case mysql_trouble::statement:
      return "The records cannot be reached. Try again in a moment.";
    case mysql_trouble::busy:
    case mysql_trouble::duplicate:
      return "The records are busy. Try again in a moment.";
    case mysql_trouble::refused:
      return "The records cannot be read or written. The log says why.";
    case mysql_trouble::too_slow:
      return "The question took too long to answer. Ask for less, or try again.";
    case mysql_trouble::none:
    case mysql_trouble::other:
      break;
  }
  return "The records answered in a way that was not expected. The log says why.";
}

}  // namespace

mysql_trouble trouble_of(unsigned code) {
  if (code == 0) return none;
  const auto* one = find_known(code);
  return one != nullptr ? one->trouble : other;
}

bool mysql_failure::is_login() const {
  switch (code_) {
    case 1045:
    case 1130:
    case 1698:
    case 1820:
    case 1862:
    case 1873:
    case 3118:
    case 3955:
    case 4151:
      return true;
    default:
      return false;
  }
}

bool mysql_failure::is_about_tls() const {
  return code_ == 2026;  // CR_SSL_CONNECTION_ERROR
}

std::string without_quoted(std::string_view message) {
  constexpr std::string_view quotes = "'\"`";
  const auto first = message.find_first_of(quotes);
  if (first == std::string_view::npos) return std::string(message);
  const auto last = message.find_last_of(quotes);
  if (last == first) return std::string(message.substr(0, first)) + "'…";
  return std::string(message.substr(0, first)) + "'…'" + std::string(message.substr(last + 1));
}

mysql_failure::mysql_failure(unsigned code, std::string_view state, std::string_view message,
                             std::string_view doing)
    : failure(error_of(code), std::string(answer_to(code)),
              fmt::format("{} ({}) {}: {}", code, state, safe_words(code, message), doing)),
      code_(code) {}

}  // namespace dossier::stores::sql
