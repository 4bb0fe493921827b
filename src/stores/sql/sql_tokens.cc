// Tokens, with which programs sign in.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/expects.h"
#include "stores/sql/account_rows.h"
#include "stores/sql/query.h"
#include "stores/sql/sql_accounts.h"
#include "stores/sql/sql_audit.h"

namespace dossier::stores::sql {
namespace {

using base::error_code;
using base::sha256_digest;
using domain::account_id;
using domain::actor;
using domain::audit_action;
using std::chrono::milliseconds;

#define DOSSIER_TOKEN_COLUMNS "t.id, t.name, t.role, t.created_at, t.ends_at, t.used_at"
constexpr int token_columns = 6;

domain::token read_token(const query& row, int first = 0) {
  domain::token one;
  one.id = row.integer(first);
  one.name = row.string(first + 1);
  one.role = read_role(row.integer(first + 2));
  one.created_at = row.time(first + 3);
  one.ends_at = row.time(first + 4);
  if (!row.is_null(first + 5)) one.used_at = row.time(first + 5);
  return one;
}

result<domain::token> add_one_token(connection& on, const domain::new_token& what, const actor& by) {
  auto who = load_account(on, what.account, true);
  if (!who) return base::pass(who);
  if (who->disabled) return no_such_account();
  execute(on, "DELETE FROM account_token WHERE account_id = ? AND ends_at <= now_ms()", what.account.value);
  {
    query row(on, "SELECT COUNT(*) FROM account_token WHERE account_id = ?", what.account.value);
    if (row.next() && row.integer(0) >= domain::most_tokens) {
      const std::string message = "There are too many tokens. End one that is not needed any more";
      return std::unexpected(base::error{error_code::invalid, message, {{"token", message}}});
    }
  }
  execute(on,
          "INSERT INTO account_token (account_id, secret, name, role, created_at, ends_at) "
          "VALUES (?, ?, ?, ?, now_ms(), now_ms() + ?)",
          what.account.value, what.secret, what.name, static_cast<int>(what.role), what.valid_for);
  const auto id = on.last_insert_id();
  note(on, by, audit_action::token_made, what.account.value,
       fmt::format("token {}, {}", id, to_string(what.role)));
  query row(on, "SELECT " DOSSIER_TOKEN_COLUMNS " FROM account_token t WHERE t.id = ?", id);
  base::expects(row.next(), "a token that was added is there");
  return read_token(row);
}

std::optional<domain::token_in_use> look_up_token(connection& on, const sha256_digest& secret) {
  query row(on,
            "SELECT " DOSSIER_ACCOUNT_COLUMNS ", " DOSSIER_TOKEN_COLUMNS
            ", CASE WHEN t.used_at IS NULL OR t.used_at < now_ms() - 60000 THEN 1 ELSE 0 END "
            "FROM account_token t JOIN account a ON a.id = t.account_id "
            "WHERE t.secret = ? AND t.ends_at > now_ms() AND a.disabled = 0",
            secret);
  if (!row.next()) return std::nullopt;
  return domain::token_in_use{read_token(row, account_columns), read_account(row),
                              row.truth(account_columns + token_columns)};
}

}  // namespace

awaitable<result<domain::token>> sql_accounts::add_token(domain::new_token what, actor by) {
  base::expects(what.valid_for > milliseconds(0), "a token is valid for some time");
  return driver_.write(
      {"add_token", {}, purpose::add},
      [what = std::move(what), by = std::move(by)](connection& on) { return add_one_token(on, what, by); });
}

awaitable<result<std::optional<domain::token_in_use>>> sql_accounts::find_token(sha256_digest secret) {
  return driver_.read("find_token", [secret](connection& on) -> result<std::optional<domain::token_in_use>> {
    return look_up_token(on, secret);
  });
}

awaitable<result<void>> sql_accounts::see_token(std::int64_t id) {
  return driver_.write("see_token", [id](connection& on) -> result<void> {
    execute(on, "UPDATE account_token SET used_at = now_ms() WHERE id = ?", id);
    return {};
  });
}

awaitable<result<std::vector<domain::token>>> sql_accounts::list_tokens(account_id id) {
  return driver_.read("list_tokens", [id](connection& on) -> result<std::vector<domain::token>> {
    std::vector<domain::token> all;
    query rows(on,
               "SELECT " DOSSIER_TOKEN_COLUMNS
               " FROM account_token t WHERE t.account_id = ? AND t.ends_at > now_ms() ORDER BY t.id DESC "
               "LIMIT ?",
               id.value, domain::most_tokens);
    while (rows.next()) all.push_back(read_token(rows));
    return all;
  });
}

awaitable<result<void>> sql_accounts::end_token(account_id id, std::int64_t which, actor by) {
  return driver_.write("end_token", [id, which, by = std::move(by)](connection& on) -> result<void> {
    const auto met =
        execute(on, "DELETE FROM account_token WHERE id = ? AND account_id = ?", which, id.value);
    if (met > 0) note(on, by, audit_action::token_ended, id.value, fmt::format("token {}", which));
    return {};
  });
}

}  // namespace dossier::stores::sql
