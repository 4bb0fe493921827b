// Adding accounts, and setting passwords.
#include <utility>

#include "base/log.h"
#include "base/sha256.h"
#include "domain/password_rules.h"
#include "domain/sign_in.h"
#include "domain/sign_in_rules.h"

namespace dossier::domain {
namespace {

using base::security_event;
using namespace std::chrono_literals;

void log_added(const account& who) {
  base::log_security(security_event::account_changed,
                     {{"account", who.id.value}, {"what", "added"}, {"role", to_string(who.role)}});
}

}  // namespace

awaitable<result<account>> sign_in::add_account(std::string name, role what, actor by) {
  auto checked = check_name(name);
  if (!checked) co_return base::pass(checked);
  auto added = co_await accounts_.add_account(std::move(*checked), what, {}, std::move(by));
  if (added) log_added(*added);
  forget_whether_needed();
  co_return added;
}

awaitable<result<account>> sign_in::add_first(std::string name, std::string password, actor by) {
  auto checked = check_name(name);
  if (!checked) co_return base::pass(checked);
  if (auto accepted = check_new_password(password, *checked); !accepted) co_return base::pass(accepted);
  auto hash = co_await hash_of(std::move(password), {});
  if (!hash) co_return base::pass(hash);
  auto added = co_await accounts_.add_first(std::move(*checked), std::move(*hash), std::move(by));
  if (added) log_added(*added);
  forget_whether_needed();
  co_return added;
}

awaitable<result<account>> sign_in::add_with_password(std::string name, role what, std::string password,
                                                      actor by) {
  auto checked = check_name(name);
  if (!checked) co_return base::pass(checked);
  if (auto accepted = check_new_password(password, *checked); !accepted) co_return base::pass(accepted);
  auto hash = co_await hash_of(std::move(password), {});
  if (!hash) co_return base::pass(hash);
  auto added = co_await accounts_.add_account(std::move(*checked), what, std::move(*hash), std::move(by));
  if (added) log_added(*added);
  forget_whether_needed();
  co_return added;
}

awaitable<result<void>> sign_in::set_password(account_id id, std::string password, actor by) {
  auto who = co_await accounts_.find_account(id);
  if (!who) co_return base::pass(who);
  if (auto accepted = check_new_password(password, who->name, shortest_password_of(*who)); !accepted)
    co_return accepted;
  auto hash = co_await hash_of(std::move(password), {});
  if (!hash) co_return base::pass(hash);
  auto set = co_await accounts_.set_password(id, std::move(*hash), 0, std::move(by));
  forget_sessions(id);
  if (set) base::log_security(security_event::password_set, {{"account", id.value}, {"how", "reset"}});
  co_return set;
}

// The own password, for one who is signed in. `field` is the form's.
awaitable<result<std::string>> sign_in::check_own(signed_in who, std::string password, client from,
                                                  std::string_view field) {
  const auto pair = pair_of(who.account.name, from.network);
  if (const auto wait = wrong_.wait(pair, clock::now()); wait > 0s) co_return too_many_tries(wait);
  // As in begin(): many tries at once are not free.
  wrong_.add(pair, clock::now());
  auto known = co_await accounts_.find_account(who.account.name);
  if (!known) co_return base::pass(known);
  if (!*known || (*known)->account.id != who.account.id) co_return wrong_pair(field);
  auto hash = std::move((*known)->password_hash);
  const auto right = co_await is_right(hash, std::move(password), from.network);
  if (!right) co_return std::unexpected(right.error());
  if (!*right) {
    base::log_security(security_event::sign_in_failed,
                       {{"account", who.account.id.value}, {"address", from.address}});
    co_return wrong_pair(field);
  }
  wrong_.forget(pair);
  co_return hash;
}

awaitable<result<void>> sign_in::prove(signed_in who, std::string password, client from) {
  const auto right = co_await check_own(who, std::move(password), std::move(from), "password");
  if (!right) co_return std::unexpected(right.error());
  auto proved = co_await accounts_.prove_session(who.session.id);
  forget_sessions(who.account.id);
  co_return proved;
}

awaitable<result<void>> sign_in::change_password(signed_in who, std::string current, std::string next,
                                                 client from) {
  if (auto accepted = check_new_password(next, who.account.name, shortest_password_of(who.account));
      !accepted)
    co_return accepted;
  const auto right = co_await check_own(who, std::move(current), from, "current");
  if (!right) co_return std::unexpected(right.error());
  auto hash = co_await hash_of(std::move(next), from.network);
  if (!hash) co_return base::pass(hash);
  auto set = co_await accounts_.set_password(who.account.id, std::move(*hash), who.session.id,
                                             by_session(who, from));
  forget_sessions(who.account.id);
  if (set) {
    base::log_security(security_event::password_set,
                       {{"account", who.account.id.value}, {"address", from.address}, {"how", "own"}});
  }
  co_return set;
}

awaitable<result<std::string>> sign_in::make_link(account_id id, actor by) {
  auto secret = new_secret();
  auto added = co_await accounts_.add_link(id, base::sha256_of(secret), link_valid, std::move(by));
  if (!added) co_return base::pass(added);
  co_return secret;
}

awaitable<result<std::optional<account>>> sign_in::find_link(std::string_view secret) {
  const auto digest = digest_of(secret);
  if (!digest) co_return std::nullopt;
  co_return co_await accounts_.find_link(*digest);
}

awaitable<result<std::optional<sign_in::begun>>> sign_in::use_link(std::string_view secret,
                                                                   std::string password, client from) {
  const auto digest = digest_of(secret);
  if (!digest) co_return std::nullopt;
  auto whose = co_await accounts_.find_link(*digest);
  if (!whose) co_return base::pass(whose);
  if (!*whose) co_return std::nullopt;
  if (auto accepted = check_new_password(password, (*whose)->name, shortest_password_of(**whose)); !accepted)
    co_return base::pass(accepted);
  auto hash = co_await hash_of(std::move(password), from.network);
  if (!hash) co_return base::pass(hash);
  auto used = co_await accounts_.use_link(*digest, *hash, from.address);
  if (!used) co_return base::pass(used);
  if (!*used) co_return std::nullopt;
  forget_sessions((*used)->id);
  base::log_security(security_event::password_set,
                     {{"account", (*used)->id.value}, {"address", from.address}, {"how", "link"}});
  auto began = co_await begin_session_or_pending(std::move(**used), std::move(*hash), std::move(from));
  if (!began) co_return base::pass(began);
  co_return std::move(*began);
}

}  // namespace dossier::domain
