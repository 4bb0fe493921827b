#include "stores/sql/account_rows.h"

#include <string>

namespace dossier::stores::sql {

using base::error_code;
using domain::account;
using domain::account_id;
using domain::role;

std::unexpected<base::error> no_such_account() {
  return base::fail(error_code::not_found, "There is no such account.");
}

role read_role(std::int64_t number) {
  switch (number) {
    case 1:
      return role::viewer;
    case 2:
      return role::editor;
    case 3:
      return role::admin;
    default:
      return role::intake;
  }
}

account read_account(const query& row, int first) {
  account one;
  one.id = {row.integer(first)};
  one.name = row.string(first + 1);
  one.role = read_role(row.integer(first + 2));
  one.disabled = row.truth(first + 3);
  one.has_password = !row.text(first + 4).empty();
  one.created_at = row.time(first + 5);
  if (!row.is_null(first + 6)) one.signed_in_at = row.time(first + 6);
  one.second_factor = row.truth(first + 7);
  return one;
}

base::result<account> load_account(connection& on, account_id id, bool locked) {
  query row(on,
            std::string("SELECT " DOSSIER_ACCOUNT_COLUMNS " FROM account a WHERE a.id = ?") +
                (locked ? " /*lock*/" : ""),
            id.value);
  if (!row.next()) return no_such_account();
  return read_account(row);
}

void end_all(connection& on, account_id id, std::int64_t except) {
  execute(on, "DELETE FROM account_session WHERE account_id = ? AND id <> ?", id.value, except);
  execute(on, "DELETE FROM account_pending WHERE account_id = ?", id.value);
  // Whoever had such a session may know this secret.
  execute(on, "DELETE FROM account_code WHERE account_id = ? AND confirmed = 0", id.value);
  execute(on, "DELETE FROM account_link WHERE account_id = ?", id.value);
}

base::result<void> check_admin_is_left(connection& on, account_id without) {
  query rows(on, "SELECT a.id, a.disabled FROM account a WHERE a.role = 3 AND a.password <> '' /*lock*/");
  bool left = false;
  while (rows.next()) left = left || (rows.integer(0) != without.value && !rows.truth(1));
  if (left) return {};
  return base::fail(error_code::conflict,
                    "Nobody could manage accounts any more. Make another account an admin first.");
}

bool may_begin(connection& on, const account& who, const std::string& checked_hash) {
  if (who.disabled) return false;
  query row(on, "SELECT password FROM account WHERE id = ?", who.id.value);
  return row.next() && row.text(0) == checked_hash;
}

}  // namespace dossier::stores::sql
