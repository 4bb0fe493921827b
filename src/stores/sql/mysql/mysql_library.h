// libmariadb, loaded before the first connection: a process whose records are in SQLite never loads it
// (docs/adr/0007-libraries-on-demand.md).
#pragma once

#include <mysql.h>

// The functions that Dossier calls; their types are those of the library's own header.
#define DOSSIER_MYSQL_FUNCTIONS(each)                                                                   \
  each(mysql_server_init) each(mysql_init) each(mysql_close) each(mysql_options) each(mysql_optionsv)   \
      each(mysql_real_connect) each(mysql_get_server_info) each(mysql_thread_id) each(mysql_get_socket) \
          each(mysql_send_query) each(mysql_read_query_result) each(mysql_errno) each(mysql_sqlstate)   \
              each(mysql_error) each(mysql_real_query) each(mysql_store_result) each(mysql_next_result) \
                  each(mysql_free_result) each(mysql_fetch_field_direct) each(mysql_rollback)           \
                      each(mysql_stmt_init) each(mysql_stmt_close) each(mysql_stmt_prepare)             \
                          each(mysql_stmt_param_count) each(mysql_stmt_field_count)                     \
                              each(mysql_stmt_result_metadata) each(mysql_stmt_bind_param)              \
                                  each(mysql_stmt_bind_result) each(mysql_stmt_execute)                 \
                                      each(mysql_stmt_store_result) each(mysql_stmt_fetch)              \
                                          each(mysql_stmt_fetch_column) each(mysql_stmt_free_result)    \
                                              each(mysql_stmt_affected_rows) each(mysql_stmt_insert_id) \
                                                  each(mysql_stmt_errno) each(mysql_stmt_sqlstate)      \
                                                      each(mysql_stmt_error)

namespace dossier::stores::sql {

struct mysql_library {
#define DOSSIER_DECLARE(name) decltype(&::name) name = nullptr;  // NOLINT(bugprone-macro-parentheses)
  DOSSIER_MYSQL_FUNCTIONS(DOSSIER_DECLARE)
#undef DOSSIER_DECLARE
};

// The library; the first call loads it. Throws failure when it is not on this machine.
const mysql_library& libmariadb();

}  // namespace dossier::stores::sql
