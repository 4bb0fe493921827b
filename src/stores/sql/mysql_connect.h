// Opens a session with a MySQL or MariaDB: password, TLS, and how the session shall behave.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "stores/sql/mysql_error.h"
#include "stores/sql/mysql_settings.h"

struct st_mysql;

namespace dossier::stores::sql {

struct mysql_closer {
  void operator()(st_mysql* handle) const noexcept;
};
using mysql_handle = std::unique_ptr<st_mysql, mysql_closer>;

// What the handle's last call came to.
mysql_failure mysql_problem(st_mysql* handle, std::string_view doing);

// With statements in UTC, strict, at READ COMMITTED, autocommit. Throws failure. A refused password is read
// once more; who connects often goes by mysql_login.h.
mysql_handle connect_mysql(const mysql_settings& options);

// The two steps of it.
std::string password_of(const mysql_settings& options, bool refresh);
mysql_handle connect_with(const mysql_settings& options, const std::string& password);

}  // namespace dossier::stores::sql
