// What a submission of four fields and one file asks of the records, and a look-up: the statements of
// src/stores/sql, in number and kind, without Dossier around them.
#pragma once

#include <cstdint>

#include "stores/sql/mysql_connection.h"

namespace dossier::bench {

// Two transactions. Answers the person's id.
std::int64_t submit_rows(stores::sql::mysql_connection& on, std::uint64_t number);

// One query; whether the person is there.
bool look_up_row(stores::sql::mysql_connection& on, std::int64_t id);

}  // namespace dossier::bench
