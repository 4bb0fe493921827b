// The statements that a look-up, or a submission of four fields and one file, sends to the database: as many
// and of the same kind as those of src/stores/sql, without Dossier around them.
#pragma once

#include <cstdint>

#include "stores/sql/mysql/mysql_connection.h"

namespace dossier::bench {

// Two transactions. Returns the person's id.
std::int64_t submit_rows(stores::sql::mysql_connection& on, std::uint64_t number);

// One query. Returns whether the person is there.
bool look_up_row(stores::sql::mysql_connection& on, std::int64_t id);

}  // namespace dossier::bench
