// Opens a session with a MySQL or MariaDB: password, TLS, and how the session shall behave.
#pragma once

#include <memory>

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

// With statements in UTC, strict, at READ COMMITTED, autocommit. Throws failure.
mysql_handle connect_mysql(const mysql_settings& options);

}  // namespace dossier::stores::sql
