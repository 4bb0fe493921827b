#include "stores/sql/sql_records.h"

namespace dossier::stores::sql {

sql_records::sql_records(std::unique_ptr<driver> on, std::optional<int> gathering, search_plan plan)
    : driver_(std::move(on)), plan_(plan) {
  if (gathering) look_ups_.emplace(*driver_, *gathering);
}

sql_records::~sql_records() = default;

}  // namespace dossier::stores::sql
