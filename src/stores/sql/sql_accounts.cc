#include "stores/sql/sql_accounts.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/text_policy.h"
#include "stores/sql/account_rows.h"
#include "stores/sql/query.h"
#include "stores/sql/sql_audit.h"

namespace dossier::stores::sql {
namespace {

using base::error_code;
using base::sha256_digest;
using domain::account;
using domain::account_id;
using domain::actor;
using domain::audit_action;
using domain::role;
using std::chrono::milliseconds;

std::unexpected<base::error> wrong_name(std::string message) {
  return std::unexpected(base::error{error_code::invalid, message, {{"name", message}}});
}

result<account> change(connection& on, account_id id, role what, bool disabled, const actor& by) {
  auto before = load_account(on, id, true);
  if (!before) return before;
  const bool may_lose_admin = before->role == role::admin && !before->disabled;
  if (may_lose_admin && (what != role::admin || disabled)) {
    if (auto left = check_admin_is_left(on, id); !left) return base::pass(left);
  }
  execute(on, "UPDATE account SET role = ?, disabled = ? WHERE id = ?", static_cast<int>(what),
          disabled ? 1 : 0, id.value);
  if (disabled) end_all(on, id);
  note(on, by, audit_action::account_changed, id.value,
       fmt::format("{}{}", domain::to_string(what), disabled ? ", disabled" : ""));
  return load_account(on, id, false);
}

result<void> remove(connection& on, account_id id, const actor& by) {
  auto before = load_account(on, id, true);
  if (!before) return base::pass(before);
  if (before->role == role::admin && !before->disabled) {
    if (auto left = check_admin_is_left(on, id); !left) return left;
  }
  end_all(on, id);
  for (const auto* table : {"account_token", "account_code", "account_recovery"})
    execute(on, fmt::format("DELETE FROM {} WHERE account_id = ?", table), id.value);
  execute(on, "DELETE FROM account WHERE id = ?", id.value);
  note(on, by, audit_action::account_removed, id.value);
  return {};
}

std::optional<domain::known_account> load_by_name(connection& on, const std::string& folded) {
  query row(on, "SELECT " DOSSIER_ACCOUNT_COLUMNS " FROM account a WHERE a.folded_name = ?", folded);
  if (!row.next()) return std::nullopt;
  return domain::known_account{read_account(row), row.string(4)};
}

// Accounts are added one after the other, on all nodes, so that there is one first account.
void wait_for_others_that_add(connection& on) {
  query row(on, "SELECT identity FROM records_identity WHERE one = 1 /*lock*/");
  base::expects(row.next(), "the records have an identity");
}

result<account> add(connection& on, const std::string& name, role what, const std::string& hash,
                    const actor& by) {
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
  const account_id id{on.last_insert_id()};
  note(on, by, audit_action::account_added, id.value, domain::to_string(what));
  return load_account(on, id, false);
}

void end_tokens(connection& on, account_id id) {
  execute(on, "DELETE FROM account_token WHERE account_id = ?", id.value);
}

void write_password(connection& on, account_id id, const std::string& hash, std::int64_t keep) {
  if (keep == 0) end_tokens(on, id);
  execute(on, "UPDATE account SET password = ? WHERE id = ?", hash, id.value);
  end_all(on, id, keep);
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

awaitable<result<account>> sql_accounts::add_account(std::string name, role what, std::string password_hash,
                                                     actor by) {
  return driver_.write(
      {"add_account", {}, purpose::add},
      [name = std::move(name), what, hash = std::move(password_hash), by = std::move(by)](connection& on) {
        wait_for_others_that_add(on);
        return add(on, name, what, hash, by);
      });
}

awaitable<result<account>> sql_accounts::add_first(std::string name, std::string password_hash, actor by) {
  base::expects(!password_hash.empty(), "the first account can sign in");
  return driver_.write({"add_first_account", {}, purpose::add},
                       [name = std::move(name), hash = std::move(password_hash),
                        by = std::move(by)](connection& on) -> result<account> {
                         wait_for_others_that_add(on);
                         {
                           query row(on, "SELECT id FROM account LIMIT 1");
                           if (row.next()) {
                             return base::fail(error_code::conflict,
                                               "There is an account already. Sign in with it.");
                           }
                         }
                         return add(on, name, role::admin, hash, by);
                       });
}

awaitable<result<void>> sql_accounts::set_password(account_id id, std::string hash, std::int64_t keep,
                                                   actor by) {
  base::expects(!hash.empty(), "a password has a hash");
  return driver_.write(
      "set_password", [id, hash = std::move(hash), keep, by = std::move(by)](connection& on) -> result<void> {
        auto who = load_account(on, id, true);
        if (!who) return base::pass(who);
        write_password(on, id, hash, keep);
        note(on, by, audit_action::password_set, id.value);
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

awaitable<result<account>> sql_accounts::change_account(account_id id, role what, bool disabled, actor by) {
  return driver_.write("change_account", [id, what, disabled, by = std::move(by)](connection& on) {
    return change(on, id, what, disabled, by);
  });
}

awaitable<result<void>> sql_accounts::remove_account(account_id id, actor by) {
  return driver_.write("remove_account",
                       [id, by = std::move(by)](connection& on) { return remove(on, id, by); });
}

awaitable<result<void>> sql_accounts::add_link(account_id id, sha256_digest secret, milliseconds valid_for,
                                               actor by) {
  base::expects(valid_for > milliseconds(0), "a link is valid for some time");
  return driver_.write(
      "add_link", [id, secret, valid_for, by = std::move(by)](connection& on) -> result<void> {
        auto who = load_account(on, id, true);
        if (!who) return base::pass(who);
        if (who->disabled) return no_such_account();
        execute(on, "REPLACE INTO account_link (account_id, secret, ends_at) VALUES (?, ?, now_ms() + ?)",
                id.value, secret, valid_for);
        note(on, by, audit_action::link_made, id.value);
        return {};
      });
}

awaitable<result<std::optional<account>>> sql_accounts::find_link(sha256_digest secret) {
  return driver_.read("find_link", [secret](connection& on) -> result<std::optional<account>> {
    return account_of_link(on, secret, false);
  });
}

awaitable<result<std::optional<account>>> sql_accounts::use_link(sha256_digest secret, std::string hash,
                                                                 std::string address) {
  base::expects(!hash.empty(), "a password has a hash");
  return driver_.write("use_link",
                       [secret, hash = std::move(hash),
                        address = std::move(address)](connection& on) -> result<std::optional<account>> {
                         const auto who = account_of_link(on, secret, true);
                         if (!who) return std::nullopt;
                         write_password(on, who->id, hash, 0);
                         note(on, {.via = actor::kind::visitor, .account = who->id, .address = address},
                              audit_action::password_set, who->id.value, "link");
                         auto after = load_account(on, who->id, false);
                         if (!after) return base::pass(after);
                         return std::move(*after);
                       });
}

awaitable<result<void>> sql_accounts::note_set_up(sha256_digest secret) {
  return driver_.write("note_set_up", [secret](connection& on) -> result<void> {
    {
      query row(on, "SELECT 1 FROM set_up_link WHERE secret = ?", secret);
      if (row.next()) return {};
    }
    execute(on, "INSERT INTO set_up_link (secret, noted_at) VALUES (?, now_ms())", secret);
    return {};
  });
}

awaitable<result<bool>> sql_accounts::is_set_up_open(sha256_digest secret, milliseconds valid_for) {
  base::expects(valid_for > milliseconds(0), "a set-up link is valid for some time");
  return driver_.read("is_set_up_open", [secret, valid_for](connection& on) -> result<bool> {
    query row(on,
              "SELECT 1 FROM set_up_link WHERE secret = ? AND noted_at > now_ms() - ? "
              "AND NOT EXISTS (SELECT 1 FROM account)",
              secret, valid_for);
    return row.next();
  });
}

}  // namespace dossier::stores::sql
