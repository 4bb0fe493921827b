// Accounts as rows: what sql_accounts.cc and sql_tokens.cc share. To be called within a transaction.
#pragma once

#include <cstdint>
#include <expected>

#include "base/result.h"
#include "domain/accounts.h"
#include "stores/sql/connection.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {

// The columns that read_account() reads, of `account a`.
#define DOSSIER_ACCOUNT_COLUMNS "a.id, a.name, a.role, a.disabled, a.password, a.created_at, a.signed_in_at"
inline constexpr int account_columns = 7;
domain::account read_account(const query& row, int first = 0);

// A number that no role has, as a later version may write it, is the role that may do least.
domain::role read_role(std::int64_t number);

// not_found. `locked`: until the transaction ends.
base::result<domain::account> load_account(connection& on, domain::account_id id, bool locked);

std::unexpected<base::error> no_such_account();

}  // namespace dossier::stores::sql
