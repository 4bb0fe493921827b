// Sessions.
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
using domain::session;
using domain::signed_in;
using std::chrono::milliseconds;

// How many ended sessions one transaction removes.
constexpr int forgotten_at_once = 500;

#define DOSSIER_SESSION_COLUMNS \
  "s.id, s.account_id, s.began_at, s.seen_at, s.ends_at, s.address, s.agent, s.proved_at"
constexpr int session_columns = 8;

session read_session(const query& row, int first = 0) {
  return {.id = row.integer(first),
          .account = {row.integer(first + 1)},
          .began_at = row.time(first + 2),
          .proved_at = row.time(first + 7),
          .seen_at = row.time(first + 3),
          .ends_at = row.time(first + 4),
          .address = row.string(first + 5),
          .agent = row.string(first + 6)};
}

// Those that were not seen for longest end, so that there is room for one more.
void make_room(connection& on, account_id id) {
  std::vector<std::int64_t> too_many;
  {
    query rows(on,
               "SELECT id FROM account_session WHERE account_id = ? ORDER BY seen_at DESC, id DESC "
               "LIMIT 1000 OFFSET ?",
               id.value, domain::most_sessions - 1);
    while (rows.next()) too_many.push_back(rows.integer(0));
  }
  for (const auto one : too_many) execute(on, "DELETE FROM account_session WHERE id = ?", one);
}

// Whether it was there.
bool end_pending(connection& on, const sha256_digest& secret) {
  return execute(on, "DELETE FROM account_pending WHERE secret = ? AND ends_at > now_ms()", secret) == 1;
}

// Uses up the code. False: none was given, or it was used before.
bool use_code(connection& on, const domain::new_session& what) {
  if (what.code_step) {
    return execute(
               on,
               "UPDATE account_code SET last_step = ?, wrong = 0 WHERE account_id = ? AND confirmed = 1 AND "
               "last_step < ?",
               *what.code_step, what.account.value, *what.code_step) == 1;
  }
  if (!what.recovery_code) return false;
  const auto met = execute(on, "DELETE FROM account_recovery WHERE account_id = ? AND code = ?",
                           what.account.value, *what.recovery_code);
  if (met == 1) execute(on, "UPDATE account_code SET wrong = 0 WHERE account_id = ?", what.account.value);
  return met == 1;
}

result<session> begin(connection& on, const domain::new_session& what) {
  auto who = load_account(on, what.account, true);
  if (!who) return base::pass(who);
  if (what.pending) {
    if (who->disabled || !end_pending(on, *what.pending)) return no_such_account();
  } else if (!may_begin(on, *who, what.checked_hash)) {
    return no_such_account();
  }
  if (who->second_factor && !use_code(on, what))
    return base::fail(error_code::unauthorized, "This code was used before.");
  make_room(on, what.account);
  execute(
      on,
      "INSERT INTO account_session (account_id, secret, began_at, proved_at, seen_at, idle_ends, ends_at, "
      "address, agent) VALUES (?, ?, now_ms(), now_ms(), now_ms(), now_ms() + ?, now_ms() + ?, ?, ?)",
      what.account.value, what.secret, what.idle, what.absolute, what.address, what.agent);
  const auto id = on.last_insert_id();
  execute(on, "UPDATE account SET signed_in_at = now_ms() WHERE id = ?", what.account.value);
  note(on, {.via = actor::kind::visitor, .account = what.account, .session = id, .address = what.address},
       audit_action::signed_in, what.account.value);
  query row(on, "SELECT " DOSSIER_SESSION_COLUMNS " FROM account_session s WHERE s.id = ?", id);
  base::expects(row.next(), "a session that was begun is there");
  return read_session(row);
}

std::optional<signed_in> look_up(connection& on, const sha256_digest& secret) {
  query row(on,
            "SELECT " DOSSIER_ACCOUNT_COLUMNS ", " DOSSIER_SESSION_COLUMNS
            ", CASE WHEN s.seen_at < now_ms() - 60000 THEN 1 ELSE 0 END FROM account_session s JOIN account "
            "a ON a.id = s.account_id WHERE s.secret = ? AND "
            "s.idle_ends > now_ms() AND s.ends_at > now_ms() AND a.disabled = 0",
            secret);
  if (!row.next()) return std::nullopt;
  return signed_in{read_session(row, account_columns), read_account(row),
                   row.truth(account_columns + session_columns)};
}

}  // namespace

awaitable<result<session>> sql_accounts::begin_session(domain::new_session what) {
  base::expects(what.idle > milliseconds(0) && what.absolute > milliseconds(0), "a session lasts some time");
  return driver_.write("begin_session", [what = std::move(what)](connection& on) { return begin(on, what); });
}

awaitable<result<std::optional<signed_in>>> sql_accounts::find_session(sha256_digest secret) {
  return driver_.read("find_session", [secret](connection& on) -> result<std::optional<signed_in>> {
    return look_up(on, secret);
  });
}

awaitable<result<void>> sql_accounts::see_session(std::int64_t id, milliseconds idle) {
  base::expects(idle > milliseconds(0), "a session lasts some time");
  return driver_.write("see_session", [id, idle](connection& on) -> result<void> {
    execute(on,
            "UPDATE account_session SET seen_at = now_ms(), idle_ends = now_ms() + ? "
            "WHERE id = ? AND idle_ends > now_ms()",
            idle, id);
    return {};
  });
}

awaitable<result<void>> sql_accounts::prove_session(std::int64_t id) {
  return driver_.write("prove_session", [id](connection& on) -> result<void> {
    execute(on, "UPDATE account_session SET proved_at = now_ms() WHERE id = ?", id);
    return {};
  });
}

awaitable<result<std::vector<session>>> sql_accounts::list_sessions(account_id id) {
  return driver_.read("list_sessions", [id](connection& on) -> result<std::vector<session>> {
    std::vector<session> all;
    query rows(on,
               "SELECT " DOSSIER_SESSION_COLUMNS
               " FROM account_session s WHERE s.account_id = ? AND s.idle_ends > now_ms() AND "
               "s.ends_at > now_ms() ORDER BY s.seen_at DESC, s.id DESC LIMIT ?",
               id.value, domain::most_sessions);
    while (rows.next()) all.push_back(read_session(rows));
    return all;
  });
}

awaitable<result<void>> sql_accounts::end_session(account_id id, std::int64_t which, actor by) {
  return driver_.write("end_session", [id, which, by = std::move(by)](connection& on) -> result<void> {
    const auto met =
        execute(on, "DELETE FROM account_session WHERE id = ? AND account_id = ?", which, id.value);
    if (met > 0) note(on, by, audit_action::signed_out, id.value);
    return {};
  });
}

awaitable<result<void>> sql_accounts::end_sessions(account_id id, std::int64_t except, actor by) {
  return driver_.write("end_sessions", [id, except, by = std::move(by)](connection& on) -> result<void> {
    end_all(on, id, except);
    if (except == 0) execute(on, "DELETE FROM account_token WHERE account_id = ?", id.value);
    note(on, by, audit_action::sessions_ended, id.value, except == 0 ? "all, and tokens" : "all others");
    return {};
  });
}

awaitable<result<bool>> sql_accounts::forget_ended() {
  return driver_.write("forget_sessions", [](connection& on) -> result<bool> {
    std::vector<std::int64_t> ended;
    {
      query rows(on,
                 "SELECT id FROM account_session WHERE idle_ends <= now_ms() OR ends_at <= now_ms() LIMIT ?",
                 forgotten_at_once);
      while (rows.next()) ended.push_back(rows.integer(0));
    }
    for (const auto one : ended) execute(on, "DELETE FROM account_session WHERE id = ?", one);
    execute(on, "DELETE FROM account_pending WHERE ends_at <= now_ms()");
    execute(on, "DELETE FROM account_link WHERE ends_at <= now_ms()");
    execute(on, "DELETE FROM account_token WHERE ends_at <= now_ms()");
    return std::ssize(ended) == forgotten_at_once;
  });
}

}  // namespace dossier::stores::sql
