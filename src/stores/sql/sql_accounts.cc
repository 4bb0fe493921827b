#include "stores/sql/sql_accounts.h"

#include <string>
#include <utility>
#include <vector>

#include "base/expects.h"
#include "base/text_policy.h"
#include "stores/sql/account_rows.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

using base::error_code;
using base::sha256_digest;
using domain::account;
using domain::account_id;
using domain::role;
using domain::session;
using domain::signed_in;
using std::chrono::milliseconds;

// How many ended sessions one transaction removes.
constexpr int forgotten_at_once = 500;

#define DOSSIER_SESSION_COLUMNS "s.id, s.account_id, s.began_at, s.seen_at, s.ends_at, s.address, s.agent"
constexpr int session_columns = 7;

std::unexpected<base::error> wrong_name(std::string message) {
  return std::unexpected(base::error{error_code::invalid, message, {{"name", message}}});
}

session read_session(const query& row, int first = 0) {
  return {.id = row.integer(first),
          .account = {row.integer(first + 1)},
          .began_at = row.time(first + 2),
          .seen_at = row.time(first + 3),
          .ends_at = row.time(first + 4),
          .address = row.string(first + 5),
          .agent = row.string(first + 6)};
}

void end_all(connection& on, account_id id, std::int64_t except = 0) {
  execute(on, "DELETE FROM account_session WHERE account_id = ? AND id <> ?", id.value, except);
  execute(on, "DELETE FROM account_link WHERE account_id = ?", id.value);
}

// All admins are locked, so that two of them cannot remove each other at the same time.
result<void> check_admin_is_left(connection& on, account_id without) {
  query rows(on, "SELECT a.id, a.disabled FROM account a WHERE a.role = 3 AND a.password <> '' /*lock*/");
  bool left = false;
  while (rows.next()) left = left || (rows.integer(0) != without.value && !rows.truth(1));
  if (left) return {};
  return base::fail(error_code::conflict,
                    "Nobody could manage accounts any more. Make another account an admin first.");
}

result<account> change(connection& on, account_id id, role what, bool disabled) {
  auto before = load_account(on, id, true);
  if (!before) return before;
  const bool may_lose_admin = before->role == role::admin && !before->disabled;
  if (may_lose_admin && (what != role::admin || disabled)) {
    if (auto left = check_admin_is_left(on, id); !left) return base::pass(left);
  }
  execute(on, "UPDATE account SET role = ?, disabled = ? WHERE id = ?", static_cast<int>(what),
          disabled ? 1 : 0, id.value);
  if (disabled) end_all(on, id);
  return load_account(on, id, false);
}

result<void> remove(connection& on, account_id id) {
  auto before = load_account(on, id, true);
  if (!before) return base::pass(before);
  if (before->role == role::admin && !before->disabled) {
    if (auto left = check_admin_is_left(on, id); !left) return left;
  }
  end_all(on, id);
  execute(on, "DELETE FROM account_token WHERE account_id = ?", id.value);
  execute(on, "DELETE FROM account WHERE id = ?", id.value);
  return {};
}

std::optional<domain::known_account> load_by_name(connection& on, const std::string& folded) {
  query row(on, "SELECT " DOSSIER_ACCOUNT_COLUMNS " FROM account a WHERE a.folded_name = ?", folded);
  if (!row.next()) return std::nullopt;
  return domain::known_account{read_account(row), row.string(4)};
}

result<account> add(connection& on, const std::string& name, role what, const std::string& hash) {
  const auto folded = base::fold(name);
  if (folded.empty()) return wrong_name("Enter a name");
  if (load_by_name(on, folded)) return wrong_name("Somebody has this name already");
  {
    query row(on, "SELECT COUNT(*) FROM account");
    if (row.next() && row.integer(0) >= domain::most_accounts)
      return wrong_name("There are too many accounts");
  }
  execute(on,
          "INSERT INTO account (name, folded_name, role, disabled, password, created_at) "
          "VALUES (?, ?, ?, 0, ?, now_ms())",
          name, folded, static_cast<int>(what), hash);
  return load_account(on, {on.last_insert_id()}, false);
}

void end_tokens(connection& on, account_id id) {
  execute(on, "DELETE FROM account_token WHERE account_id = ?", id.value);
}

void write_password(connection& on, account_id id, const std::string& hash, std::int64_t keep) {
  if (keep == 0) end_tokens(on, id);
  execute(on, "UPDATE account SET password = ? WHERE id = ?", hash, id.value);
  end_all(on, id, keep);
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

std::string hash_of(connection& on, account_id id) {
  query row(on, "SELECT password FROM account WHERE id = ?", id.value);
  return row.next() ? row.string(0) : std::string();
}

result<session> begin(connection& on, const domain::new_session& what) {
  auto who = load_account(on, what.account, true);
  if (!who) return base::pass(who);
  if (who->disabled || hash_of(on, what.account) != what.checked_hash) return no_such_account();
  make_room(on, what.account);
  execute(on,
          "INSERT INTO account_session (account_id, secret, began_at, seen_at, idle_ends, ends_at, address, "
          "agent) VALUES (?, ?, now_ms(), now_ms(), now_ms() + ?, now_ms() + ?, ?, ?)",
          what.account.value, what.secret, what.idle, what.absolute, what.address, what.agent);
  const auto id = on.last_insert_id();
  execute(on, "UPDATE account SET signed_in_at = now_ms() WHERE id = ?", what.account.value);
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

std::optional<account> account_of_link(connection& on, const sha256_digest& secret, bool locked) {
  query row(on,
            std::string("SELECT " DOSSIER_ACCOUNT_COLUMNS
                        " FROM account_link l JOIN account a ON a.id = l.account_id "
                        "WHERE l.secret = ? AND l.ends_at > now_ms() AND a.disabled = 0") +
                (locked ? " /*lock*/" : ""),
            secret);
  if (!row.next()) return std::nullopt;
  return read_account(row);
}

}  // namespace

awaitable<result<bool>> sql_accounts::has_accounts() {
  return driver_.read("has_accounts", [](connection& on) -> result<bool> {
    query row(on, "SELECT id FROM account LIMIT 1");
    return row.next();
  });
}

awaitable<result<std::vector<account>>> sql_accounts::list_accounts() {
  return driver_.read("list_accounts", [](connection& on) -> result<std::vector<account>> {
    std::vector<account> all;
    query rows(on, "SELECT " DOSSIER_ACCOUNT_COLUMNS " FROM account a ORDER BY a.folded_name LIMIT ?",
               domain::most_accounts);
    while (rows.next()) all.push_back(read_account(rows));
    return all;
  });
}

awaitable<result<account>> sql_accounts::find_account(account_id id) {
  return driver_.read("find_account", [id](connection& on) { return load_account(on, id, false); });
}

awaitable<result<std::optional<domain::known_account>>> sql_accounts::find_account(std::string name) {
  return driver_.read(
      "find_account_by_name",
      [folded = base::fold(name)](connection& on) -> result<std::optional<domain::known_account>> {
        return load_by_name(on, folded);
      });
}

awaitable<result<account>> sql_accounts::add_account(std::string name, role what, std::string password_hash) {
  return driver_.write({"add_account", {}, purpose::add},
                       [name = std::move(name), what, hash = std::move(password_hash)](connection& on) {
                         return add(on, name, what, hash);
                       });
}

awaitable<result<account>> sql_accounts::add_first(std::string name, std::string password_hash) {
  base::expects(!password_hash.empty(), "the first account can sign in");
  return driver_.write(
      {"add_first_account", {}, purpose::add},
      [name = std::move(name), hash = std::move(password_hash)](connection& on) -> result<account> {
        {
          query row(on, "SELECT id FROM account LIMIT 1 /*lock*/");
          if (row.next()) {
            return base::fail(error_code::conflict, "There is an account already. Sign in with it.");
          }
        }
        return add(on, name, role::admin, hash);
      });
}

awaitable<result<void>> sql_accounts::set_password(account_id id, std::string hash, std::int64_t keep) {
  base::expects(!hash.empty(), "a password has a hash");
  return driver_.write("set_password", [id, hash = std::move(hash), keep](connection& on) -> result<void> {
    auto who = load_account(on, id, true);
    if (!who) return base::pass(who);
    write_password(on, id, hash, keep);
    return {};
  });
}

awaitable<result<void>> sql_accounts::replace_hash(account_id id, std::string before, std::string hash) {
  base::expects(!hash.empty(), "a password has a hash");
  return driver_.write(
      "replace_hash",
      [id, before = std::move(before), hash = std::move(hash)](connection& on) -> result<void> {
        execute(on, "UPDATE account SET password = ? WHERE id = ? AND password = ?", hash, id.value, before);
        return {};
      });
}

awaitable<result<account>> sql_accounts::change_account(account_id id, role what, bool disabled) {
  return driver_.write("change_account",
                       [id, what, disabled](connection& on) { return change(on, id, what, disabled); });
}

awaitable<result<void>> sql_accounts::remove_account(account_id id) {
  return driver_.write("remove_account", [id](connection& on) { return remove(on, id); });
}

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

awaitable<result<void>> sql_accounts::end_session(account_id id, std::int64_t which) {
  return driver_.write("end_session", [id, which](connection& on) -> result<void> {
    execute(on, "DELETE FROM account_session WHERE id = ? AND account_id = ?", which, id.value);
    return {};
  });
}

awaitable<result<void>> sql_accounts::end_sessions(account_id id, std::int64_t except) {
  return driver_.write("end_sessions", [id, except](connection& on) -> result<void> {
    execute(on, "DELETE FROM account_session WHERE account_id = ? AND id <> ?", id.value, except);
    if (except == 0) end_tokens(on, id);
    return {};
  });
}

awaitable<result<void>> sql_accounts::add_link(account_id id, sha256_digest secret, milliseconds valid_for) {
  base::expects(valid_for > milliseconds(0), "a link is valid for some time");
  return driver_.write("add_link", [id, secret, valid_for](connection& on) -> result<void> {
    auto who = load_account(on, id, true);
    if (!who) return base::pass(who);
    if (who->disabled) return no_such_account();
    execute(on, "REPLACE INTO account_link (account_id, secret, ends_at) VALUES (?, ?, now_ms() + ?)",
            id.value, secret, valid_for);
    return {};
  });
}

awaitable<result<std::optional<account>>> sql_accounts::find_link(sha256_digest secret) {
  return driver_.read("find_link", [secret](connection& on) -> result<std::optional<account>> {
    return account_of_link(on, secret, false);
  });
}

awaitable<result<std::optional<account>>> sql_accounts::use_link(sha256_digest secret, std::string hash) {
  base::expects(!hash.empty(), "a password has a hash");
  return driver_.write("use_link",
                       [secret, hash = std::move(hash)](connection& on) -> result<std::optional<account>> {
                         const auto who = account_of_link(on, secret, true);
                         if (!who) return std::nullopt;
                         write_password(on, who->id, hash, 0);
                         auto after = load_account(on, who->id, false);
                         if (!after) return base::pass(after);
                         return std::move(*after);
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
    execute(on, "DELETE FROM account_link WHERE ends_at <= now_ms()");
    execute(on, "DELETE FROM account_token WHERE ends_at <= now_ms()");
    return std::ssize(ended) == forgotten_at_once;
  });
}

}  // namespace dossier::stores::sql
