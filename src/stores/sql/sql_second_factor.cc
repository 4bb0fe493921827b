// The second factor, and sign-ins that wait for it.
#include <string>
#include <utility>
#include <vector>

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
using domain::pending_sign_in;
using domain::second_factor_state;
using std::chrono::milliseconds;

// How many sign-ins of an account may wait for the second factor.
constexpr int most_waiting = 100;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::unexpected<base::error> no_second_factor() {
  return base::fail(error_code::conflict, "This account has no second factor.");
}

void put_recovery_codes(connection& on, account_id id, const std::vector<sha256_digest>& codes) {
  execute(on, "DELETE FROM account_recovery WHERE account_id = ?", id.value);
  for (const auto& one : codes)
    execute(on, "INSERT INTO account_recovery (account_id, code) VALUES (?, ?)", id.value, one);
}

// Those that were begun first end, so that there is room for one more.
void make_room(connection& on, account_id id) {
  std::vector<sha256_digest> too_many;
  {
    query rows(
        on,
        "SELECT secret FROM account_pending WHERE account_id = ? ORDER BY ends_at DESC LIMIT 1000 OFFSET ?",
        id.value, most_waiting - 1);
    while (rows.next()) too_many.push_back(rows.digest(0));
  }
  for (const auto& one : too_many) execute(on, "DELETE FROM account_pending WHERE secret = ?", one);
}

result<void> confirm(connection& on, account_id id, std::int64_t step,
                     const std::vector<sha256_digest>& codes, std::int64_t keep, const actor& by) {
  auto who = load_account(on, id, true);
  if (!who) return base::pass(who);
  const auto met = execute(
      on, "UPDATE account_code SET confirmed = 1, last_step = ? WHERE account_id = ? AND confirmed = 0", step,
      id.value);
  if (met != 1) return base::fail(error_code::conflict, "Begin to set up one-time codes again.");
  execute(on, "UPDATE account SET second_factor = 1 WHERE id = ?", id.value);
  put_recovery_codes(on, id, codes);
  end_all(on, id, keep);
  note(on, by, audit_action::second_factor_set, id.value);
  return {};
}

result<void> drop(connection& on, account_id id, bool and_password, const actor& by) {
  auto who = load_account(on, id, true);
  if (!who) return base::pass(who);
  if (!who->second_factor && !and_password) return no_second_factor();
  if (and_password && who->role == domain::role::admin && !who->disabled && who->has_password) {
    if (auto left = check_admin_is_left(on, id); !left) return left;
  }
  execute(on, "DELETE FROM account_code WHERE account_id = ?", id.value);
  execute(on, "DELETE FROM account_recovery WHERE account_id = ?", id.value);
  execute(on, "UPDATE account SET second_factor = 0 WHERE id = ?", id.value);
  if (and_password) {
    execute(on, "UPDATE account SET password = '' WHERE id = ?", id.value);
    execute(on, "DELETE FROM account_token WHERE account_id = ?", id.value);
    end_all(on, id);
  }
  note(on, by, audit_action::second_factor_dropped, id.value, and_password ? "and password" : "");
  return {};
}

}  // namespace

awaitable<result<void>> sql_accounts::begin_pending(account_id id, sha256_digest secret,
                                                    std::string checked_hash, milliseconds valid_for) {
  base::expects(valid_for > milliseconds(0), "a sign-in waits for some time");
  return driver_.write(
      "begin_pending",
      [id, secret, checked_hash = std::move(checked_hash), valid_for](connection& on) -> result<void> {
        auto who = load_account(on, id, true);
        if (!who) return base::pass(who);
        if (!may_begin(on, *who, checked_hash)) return no_such_account();
        make_room(on, id);
        execute(
            on,
            "INSERT INTO account_pending (secret, account_id, wrong, ends_at) VALUES (?, ?, 0, now_ms() + ?)",
            secret, id.value, valid_for);
        return {};
      });
}

awaitable<result<std::optional<pending_sign_in>>> sql_accounts::find_pending(sha256_digest secret) {
  return driver_.read("find_pending", [secret](connection& on) -> result<std::optional<pending_sign_in>> {
    query row(on,
              "SELECT " DOSSIER_ACCOUNT_COLUMNS
              ", c.secret, c.wrong, now_ms() - c.wrong_at FROM account_pending h JOIN account a ON a.id = "
              "h.account_id "
              "JOIN account_code c ON c.account_id = a.id "
              "WHERE h.secret = ? AND h.ends_at > now_ms() AND a.disabled = 0 AND c.confirmed = 1",
              secret);
    if (!row.next()) return std::nullopt;
    return pending_sign_in{.account = read_account(row),
                           .code_secret = text_of(row.bytes(account_columns)),
                           .wrong_codes = static_cast<int>(row.integer(account_columns + 1)),
                           .since_wrong = milliseconds(row.integer(account_columns + 2))};
  });
}

awaitable<result<void>> sql_accounts::count_wrong_code(sha256_digest secret) {
  return driver_.write("count_wrong_code", [secret](connection& on) -> result<void> {
    execute(on,
            "UPDATE account_code SET wrong = wrong + 1, wrong_at = now_ms() WHERE wrong < 1000000 AND "
            "account_id = (SELECT account_id FROM account_pending WHERE secret = ?)",
            secret);
    execute(on, "UPDATE account_pending SET wrong = wrong + 1 WHERE secret = ?", secret);
    execute(on, "DELETE FROM account_pending WHERE secret = ? AND wrong >= ?", secret,
            domain::most_wrong_codes);
    return {};
  });
}

awaitable<result<second_factor_state>> sql_accounts::find_second_factor(account_id id) {
  return driver_.read("find_second_factor", [id](connection& on) -> result<second_factor_state> {
    second_factor_state found;
    {
      query row(on, "SELECT secret, confirmed FROM account_code WHERE account_id = ?", id.value);
      if (row.next()) {
        found.code_secret = text_of(row.bytes(0));
        found.confirmed = row.truth(1);
      }
    }
    query row(on, "SELECT COUNT(*) FROM account_recovery WHERE account_id = ?", id.value);
    if (row.next()) found.recovery_codes = static_cast<int>(row.integer(0));
    return found;
  });
}

awaitable<result<std::string>> sql_accounts::begin_second_factor(account_id id, std::string code_secret) {
  base::expects(!code_secret.empty() && code_secret.size() <= 64, "a secret of codes is some bytes");
  return driver_.write("begin_second_factor",
                       [id, code_secret = std::move(code_secret)](connection& on) -> result<std::string> {
                         auto who = load_account(on, id, true);
                         if (!who) return base::pass(who);
                         if (who->second_factor)
                           return base::fail(error_code::conflict, "One-time codes are in use already.");
                         {
                           query row(on, "SELECT secret FROM account_code WHERE account_id = ?", id.value);
                           if (row.next()) return text_of(row.bytes(0));
                         }
                         execute(on,
                                 "INSERT INTO account_code (account_id, secret, confirmed, last_step, wrong, "
                                 "wrong_at) VALUES (?, ?, 0, 0, 0, 0)",
                                 id.value, bytes_of(code_secret));
                         return code_secret;
                       });
}

awaitable<result<void>> sql_accounts::confirm_second_factor(account_id id, std::int64_t code_step,
                                                            std::vector<sha256_digest> recovery_codes,
                                                            std::int64_t keep, actor by) {
  return driver_.write("confirm_second_factor",
                       [id, code_step, codes = std::move(recovery_codes), keep, by = std::move(by)](
                           connection& on) { return confirm(on, id, code_step, codes, keep, by); });
}

awaitable<result<void>> sql_accounts::set_recovery_codes(account_id id, std::vector<sha256_digest> codes,
                                                         actor by) {
  return driver_.write("set_recovery_codes",
                       [id, codes = std::move(codes), by = std::move(by)](connection& on) -> result<void> {
                         auto who = load_account(on, id, true);
                         if (!who) return base::pass(who);
                         if (!who->second_factor) return no_second_factor();
                         put_recovery_codes(on, id, codes);
                         note(on, by, audit_action::recovery_codes_made, id.value);
                         return {};
                       });
}

awaitable<result<void>> sql_accounts::drop_second_factor(account_id id, bool and_password, actor by) {
  return driver_.write("drop_second_factor", [id, and_password, by = std::move(by)](connection& on) {
    return drop(on, id, and_password, by);
  });
}

}  // namespace dossier::stores::sql
