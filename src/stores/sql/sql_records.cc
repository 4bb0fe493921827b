#include "stores/sql/sql_records.h"

namespace dossier::stores::sql {

sql_records::sql_records(std::unique_ptr<driver> on) : driver_(std::move(on)) {}

sql_records::~sql_records() = default;

}  // namespace dossier::stores::sql
