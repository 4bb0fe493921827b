// Accounts, their sessions, the tokens with which programs sign in, and the links with which people set a
// password. The records store keeps them, so that every node knows them. sign_in.h has the rules; this is
// what is stored.
//
// A secret (of a session, a token, a link) is 256 random bits, as 43 characters of base64url. It is known
// only to the browser that has it: the store keeps its SHA-256, so that nobody can sign in with a copy of the
// records.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/sha256.h"
#include "domain/audit.h"

namespace dossier::domain {

// What an account may do. The databases store these numbers, so they never change.
enum class role {
  intake = 0,  // submit the form, and nothing else
  viewer = 1,  // read everything about people and their files
  editor = 2,  // also submit, change and delete
  admin = 3,   // also accounts and settings
};

// "intake", "viewer", "editor", "admin".
std::string_view to_string(role which);
std::optional<role> parse_role(std::string_view text);

struct account {
  account_id id;
  std::string name;  // as it was typed; names that fold to the same text are the same
  domain::role role = role::viewer;
  bool disabled = false;
  bool has_password = false;   // false: whoever has the invitation has not used it yet
  bool second_factor = false;  // signing in takes a one-time code besides the password
  time_point created_at;
  std::optional<time_point> signed_in_at = {};  // the last time
};

struct known_account {
  domain::account account;
  std::string password_hash;  // empty: none was set yet
};

struct session {
  std::int64_t id = 0;  // for lists; the secret does not follow from it
  account_id account;
  time_point began_at;
  time_point proved_at;  // when its owner last gave the password
  time_point seen_at;    // to the minute
  time_point ends_at;    // at the latest
  std::string address;
  std::string agent;  // the browser, as it calls itself
};

struct signed_in {
  domain::session session;
  domain::account account;
  bool is_stale = false;  // it was last seen more than a minute ago, by what the store knows
};

// What a program signs in with. It may do what both its role and its account's role allow.
struct token {
  std::int64_t id = 0;
  std::string name;
  domain::role role = domain::role::viewer;
  time_point created_at;
  time_point ends_at;
  std::optional<time_point> used_at = {};  // the last time, to the minute
};

struct token_in_use {
  domain::token token;
  domain::account account;
  bool is_stale = false;  // it was last used more than a minute ago, by what the store knows
};

struct new_token {
  account_id account;
  base::sha256_digest secret = {};
  std::string name;
  domain::role role = domain::role::viewer;
  milliseconds valid_for{};
};

struct new_session {
  account_id account;
  base::sha256_digest secret = {};
  std::string checked_hash;  // of the password that was checked; not looked at with `pending`
  std::optional<base::sha256_digest> pending = {};  // the sign-in that this completes
  // What was given as the second factor.
  std::optional<std::int64_t> code_step = {};  // of a one-time code (base/one_time_code.h)
  std::optional<base::sha256_digest> recovery_code = {};
  milliseconds idle{};      // it ends when it was not seen for so long
  milliseconds absolute{};  // and in any case after so long
  std::string address;
  std::string agent;
};

// A sign-in whose password was right, and that waits for the second factor.
struct pending_sign_in {
  domain::account account;
  std::string code_secret;     // of its one-time codes
  int wrong_codes = 0;         // for this account since the last right one, from whoever they came
  milliseconds since_wrong{};  // since the last of them
};

struct second_factor_state {
  std::string code_secret = {};  // empty: none was begun
  bool confirmed = false;        // a code was given: it is in use
  int recovery_codes = 0;        // that are left
};

// How many wrong codes end a sign-in that waits for the second factor.
inline constexpr int most_wrong_codes = 5;

// How many sessions an account may have; with one more, the one that was not seen for longest ends.
inline constexpr int most_sessions = 20;
// How many tokens an account may have.
inline constexpr int most_tokens = 50;
// How many accounts there may be.
inline constexpr int most_accounts = 1'000;

// Errors common to all: those of records (records.h). Times come from the clock of the store. What changes
// something notes in the audit log who does it (`by`); a session that begins is noted as its account's.
class account_store {
 public:
  virtual ~account_store() = default;

  virtual awaitable<result<bool>> has_accounts() = 0;
  virtual awaitable<result<std::vector<account>>> list_accounts() = 0;  // by name
  virtual awaitable<result<account>> find_account(account_id id) = 0;   // not_found
  // By a name that folds to the same text; empty: nobody has it.
  virtual awaitable<result<std::optional<known_account>>> find_account(std::string name) = 0;
  // invalid, with the field name: somebody has this name, or there are too many accounts.
  virtual awaitable<result<account>> add_account(std::string name, role what, std::string password_hash,
                                                 actor by = {}) = 0;
  // The same for the first one, which is an admin. conflict: there is one.
  virtual awaitable<result<account>> add_first(std::string name, std::string password_hash,
                                               actor by = {}) = 0;
  // Sets the password and ends every session and link of the account, except the session `keep`; without one
  // (0), somebody else sets it, and the tokens end too. not_found.
  virtual awaitable<result<void>> set_password(account_id id, std::string hash, std::int64_t keep,
                                               actor by = {}) = 0;
  // The same password with another hash. Ends nothing.
  virtual awaitable<result<void>> replace_hash(account_id id, std::string before, std::string hash) = 0;
  // Sets role and `disabled`. Ends every session and link of an account that becomes disabled; its tokens do
  // not work while it is. not_found;
  // conflict: no admin would be left who can sign in.
  virtual awaitable<result<account>> change_account(account_id id, role what, bool disabled,
                                                    actor by = {}) = 0;
  // Removes the account with its sessions, tokens and links. not_found; conflict: as above.
  virtual awaitable<result<void>> remove_account(account_id id, actor by = {}) = 0;

  // Begins a session of an account that is not disabled and still has the password that was checked, and
  // notes the time for it. not_found: it is, or has another one; or `pending` has ended. unauthorized: the
  // account has a second factor and none was given, or the code was used before: each works once.
  virtual awaitable<result<session>> begin_session(new_session what) = 0;
  // Notes that the password was right, as begin_session() would check it. not_found: as there.
  virtual awaitable<result<void>> begin_pending(account_id id, base::sha256_digest secret,
                                                std::string checked_hash, milliseconds valid_for) = 0;
  // Empty when it has ended, or the account is disabled or has no second factor any more.
  virtual awaitable<result<std::optional<pending_sign_in>>> find_pending(base::sha256_digest secret) = 0;
  // Counts a wrong code, for this sign-in and for its account. Ends the sign-in after most_wrong_codes.
  virtual awaitable<result<void>> count_wrong_code(base::sha256_digest secret) = 0;
  // Empty when it has ended or its account is disabled. One read.
  virtual awaitable<result<std::optional<signed_in>>> find_session(base::sha256_digest secret) = 0;
  // Notes that the session was seen now: it stays for `idle` from now on.
  virtual awaitable<result<void>> see_session(std::int64_t id, milliseconds idle) = 0;
  virtual awaitable<result<void>> prove_session(std::int64_t id) = 0;  // the password was given again
  virtual awaitable<result<std::vector<session>>> list_sessions(account_id id) = 0;  // last seen first
  // Does nothing when the account has no such session.
  virtual awaitable<result<void>> end_session(account_id id, std::int64_t session, actor by = {}) = 0;
  // Also what waits for the second factor, and links. With `except` 0, the tokens end too.
  virtual awaitable<result<void>> end_sessions(account_id id, std::int64_t except,
                                               actor by = {}) = 0;  // 0: and the tokens

  // not_found; invalid, with the field `token`: the account has too many.
  virtual awaitable<result<token>> add_token(new_token what, actor by = {}) = 0;
  // Empty when it has ended or its account is disabled. One read.
  virtual awaitable<result<std::optional<token_in_use>>> find_token(base::sha256_digest secret) = 0;
  virtual awaitable<result<void>> see_token(std::int64_t id) = 0;                // it is used now
  virtual awaitable<result<std::vector<token>>> list_tokens(account_id id) = 0;  // newest first
  virtual awaitable<result<void>> end_token(account_id id, std::int64_t token,
                                            actor by = {}) = 0;  // as end_session()

  // A link with which its holder sets the account's password, once. It replaces the account's earlier links.
  // not_found: no such account, or it is disabled.
  virtual awaitable<result<void>> add_link(account_id id, base::sha256_digest secret, milliseconds valid_for,
                                           actor by = {}) = 0;
  // The account whose password the link sets; empty: it was used, has ended or never existed.
  virtual awaitable<result<std::optional<account>>> find_link(base::sha256_digest secret) = 0;
  // Sets the password as set_password() does, and with it ends the link. Empty: as above.
  virtual awaitable<result<std::optional<account>>> use_link(base::sha256_digest secret, std::string hash,
                                                             std::string address = {}) = 0;

  virtual awaitable<result<second_factor_state>> find_second_factor(account_id id) = 0;
  // Begins to set up one-time codes with this secret, unless that was begun before. Returns the secret to
  // use. conflict: they are in use already.
  virtual awaitable<result<std::string>> begin_second_factor(account_id id, std::string code_secret) = 0;
  // A code of this step was given: from now on signing in takes one, or one of these recovery codes. Ends all
  // other sessions. conflict: it was not begun, or is in use already.
  virtual awaitable<result<void>> confirm_second_factor(account_id id, std::int64_t code_step,
                                                        std::vector<base::sha256_digest> recovery_codes,
                                                        std::int64_t keep, actor by = {}) = 0;
  // Replaces them. conflict: there is no second factor.
  virtual awaitable<result<void>> set_recovery_codes(account_id id, std::vector<base::sha256_digest> codes,
                                                     actor by = {}) = 0;
  // With `and_password`, the account has no password any more either, and its sessions, links and tokens end:
  // a link sets a new one. conflict: no admin would be left who can sign in.
  virtual awaitable<result<void>> drop_second_factor(account_id id, bool and_password, actor by = {}) = 0;

  // Notes that a server was started with this secret in its set-up link, unless that was noted before.
  virtual awaitable<result<void>> note_set_up(base::sha256_digest secret) = 0;
  // Whether that was noted, at most so long ago, and there is no account.
  virtual awaitable<result<bool>> is_set_up_open(base::sha256_digest secret, milliseconds valid_for) = 0;

  // Removes sessions, tokens and links that have ended. Returns whether there may be more.
  virtual awaitable<result<bool>> forget_ended() = 0;
};

}  // namespace dossier::domain
