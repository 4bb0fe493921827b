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
#define DOSSIER_ACCOUNT_COLUMNS \
  "a.id, a.name, a.role, a.disabled, a.password, a.created_at, a.signed_in_at, a.second_factor"
inline constexpr int account_columns = 8;
domain::account read_account(const query& row, int first = 0);

// A number that no role has, as a later version may write it, is the role that may do least.
domain::role read_role(std::int64_t number);

// not_found. `locked`: until the transaction ends.
base::result<domain::account> load_account(connection& on, domain::account_id id, bool locked);

std::unexpected<base::error> no_such_account();

// Whether the account is not disabled and still has the password that was checked.
bool may_begin(connection& on, const domain::account& who, const std::string& checked_hash);

// Ends sessions, except one (0: all), sign-ins that wait for the second factor, links, and the set-up of a
// second factor that was not finished.
void end_all(connection& on, domain::account_id id, std::int64_t except = 0);

// conflict: without this account, no admin would be left who can sign in. All admins are locked, so that two
// of them cannot remove each other at the same time.
base::result<void> check_admin_is_left(connection& on, domain::account_id without);

}  // namespace dossier::stores::sql
