#include "stores/sql/mysql_error.h"

#include <fmt/format.h>

namespace dossier::stores::sql {
namespace {

// https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html and, from 1900 to 1999 and 4000,
// https://mariadb.com/kb/en/mariadb-error-codes/; 2000 and more are the client's.
bool is_out_of_space(unsigned code) {
  switch (code) {
    case 1021:  // ER_DISK_FULL
    case 1114:  // ER_RECORD_FILE_FULL
    case 3019:  // ER_INNODB_UNDO_LOG_FULL
    case 3675:  // ER_CAPACITY_EXCEEDED
      return true;
    default:
      return false;
  }
}

base::error_code error_of(unsigned code) {
  if (is_out_of_space(code)) return base::error_code::no_space;
  return trouble_of(code) == mysql_trouble::other ? base::error_code::internal
                                                  : base::error_code::unavailable;
}

std::string_view answer_to(unsigned code) {
  if (is_out_of_space(code)) return "The database has no space left. Free some, then try again.";
  switch (trouble_of(code)) {
    case mysql_trouble::lost:
    case mysql_trouble::read_only:
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
  switch (code) {
    case 0:
      return mysql_trouble::none;
    case 1040:  // ER_CON_COUNT_ERROR: too many connections
    case 1042:  // ER_BAD_HOST_ERROR
    case 1043:  // ER_HANDSHAKE_ERROR
    case 1053:  // ER_SERVER_SHUTDOWN
    case 1077:  // ER_NORMAL_SHUTDOWN
    case 1079:  // ER_SHUTDOWN_COMPLETE
    case 1080:  // ER_FORCING_CLOSE
    case 1129:  // ER_HOST_IS_BLOCKED
    case 1152:  // ER_ABORTING_CONNECTION
    case 1158:  // ER_NET_READ_ERROR
    case 1159:  // ER_NET_READ_INTERRUPTED
    case 1160:  // ER_NET_ERROR_ON_WRITE
    case 1161:  // ER_NET_WRITE_INTERRUPTED
    case 1184:  // ER_NEW_ABORTING_CONNECTION
    case 1203:  // ER_TOO_MANY_USER_CONNECTIONS
    case 1317:  // ER_QUERY_INTERRUPTED: also how a kill is told
    case 1927:  // ER_CONNECTION_KILLED (MariaDB)
    case 2000:  // CR_UNKNOWN_ERROR
    case 2001:  // CR_SOCKET_CREATE_ERROR
    case 2002:  // CR_CONNECTION_ERROR
    case 2003:  // CR_CONN_HOST_ERROR
    case 2005:  // CR_UNKNOWN_HOST
    case 2006:  // CR_SERVER_GONE_ERROR
    case 2012:  // CR_SERVER_HANDSHAKE_ERR
    case 2013:  // CR_SERVER_LOST
    case 2014:  // CR_COMMANDS_OUT_OF_SYNC: an answer was cut
    case 2027:  // CR_MALFORMED_PACKET
    case 2026:  // CR_SSL_CONNECTION_ERROR
    case 2055:  // CR_SERVER_LOST_EXTENDED
    case 5013:  // CR_ERR_NET_READ
    case 5014:  // CR_ERR_NET_WRITE
    case 3169:  // ER_SESSION_WAS_KILLED
    case 3168:  // ER_SERVER_ISNT_AVAILABLE
    case 4031:  // ER_CLIENT_INTERACTION_TIMEOUT
      return mysql_trouble::lost;
    case 1290:  // ER_OPTION_PREVENTS_STATEMENT: --read-only
    case 1792:  // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
    case 1836:  // ER_READ_ONLY_MODE
    case 3100:  // ER_RUN_HOOK_ERROR: the group refuses writes
      return mysql_trouble::read_only;
    case 1205:  // ER_LOCK_WAIT_TIMEOUT
    case 1213:  // ER_LOCK_DEADLOCK
    case 1020:  // ER_CHECKREAD: changed since it was read (MariaDB's snapshot isolation)
    case 3101:  // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: another node of the group was first
      return mysql_trouble::busy;
    case 1062:  // ER_DUP_ENTRY
    case 1586:  // ER_DUP_ENTRY_WITH_KEY_NAME
      return mysql_trouble::duplicate;
    case 1243:  // ER_UNKNOWN_STMT_HANDLER
    case 1412:  // ER_TABLE_DEF_CHANGED
    case 1461:  // ER_MAX_PREPARED_STMT_COUNT_REACHED
    case 1615:  // ER_NEED_REPREPARE
      return mysql_trouble::statement;
    case 1044:  // ER_DBACCESS_DENIED_ERROR
    case 1045:  // ER_ACCESS_DENIED_ERROR
    case 1142:  // ER_TABLEACCESS_DENIED_ERROR
    case 1227:  // ER_SPECIFIC_ACCESS_DENIED_ERROR
    case 1698:  // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
    case 1820:  // ER_MUST_CHANGE_PASSWORD
    case 1862:  // ER_MUST_CHANGE_PASSWORD_LOGIN
    case 2059:  // CR_AUTH_PLUGIN_CANNOT_LOAD
    case 2061:  // CR_AUTH_PLUGIN_ERR
    case 5010:  // CR_PLUGIN_NOT_ALLOWED
      return mysql_trouble::refused;
    case 1969:  // ER_STATEMENT_TIMEOUT (MariaDB)
    case 3024:  // ER_QUERY_TIMEOUT (MySQL)
      return mysql_trouble::too_slow;
    default:
      return mysql_trouble::other;
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
              fmt::format("{} ({}) {}: {}", code, state, without_quoted(message), doing)),
      code_(code) {}

}  // namespace dossier::stores::sql
