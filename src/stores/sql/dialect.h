// Where the dialects differ. A driver spells these words of ours in each statement as its database has them:
//
//   now_ms()           the database's clock, milliseconds since 1970
//   /*lock*/           the rows read are locked until the transaction ends
//   /*lock or skip*/   the same, passing over rows that another transaction has locked
//   /*by key*/         the rows are found by the primary key, and no other is locked on the way
//   /*by pending*/     the rows are found by the index of those that are pending
//   CROSS JOIN         reads the tables in the order they are written
#pragma once

#include <string>
#include <string_view>

namespace dossier::stores::sql {

struct dialect {
  std::string_view now_ms;
  std::string_view lock;
  std::string_view lock_or_skip;
  std::string_view by_key;
  std::string_view by_pending;
  std::string_view join_in_order;
};

std::string spell(std::string_view sql, const dialect& words);

}  // namespace dossier::stores::sql
