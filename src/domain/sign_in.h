// Signing in: who may, for how long, and what happens after wrong passwords. As long as there is no account,
// nobody has to.
//
// Wrong passwords slow down the pair of account and address: after a few of them, the next try is refused
// until a time has passed that doubles with each. No account is ever locked, and a client's wrong passwords
// delay nobody else.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/async.h"
#include "base/blocking_pool.h"
#include "base/fair_lane.h"
#include "base/random.h"
#include "base/result.h"
#include "domain/accounts.h"
#include "domain/wrong_passwords.h"

namespace dossier::domain {

struct sign_in_settings {
  milliseconds idle{std::chrono::hours(12)};          // a session ends after so long without a request
  milliseconds absolute{std::chrono::hours(24 * 7)};  // and in any case after so long
  bool second_factor_required = false;                // an account without one may only set one up
};

// How long a node uses what it knows about a session. The end of a session reaches every node within this.
inline constexpr milliseconds session_cached{3'000};
// How long a token may be valid at most.
inline constexpr milliseconds longest_token{std::chrono::hours(24 * 366)};
// How long a sign-in waits for the second factor.
inline constexpr milliseconds pending_valid{std::chrono::minutes(10)};
// For what matters, the password must have been given at most so long ago.
inline constexpr milliseconds proof_valid{std::chrono::minutes(15)};
// How long a link that sets a password is valid.
inline constexpr milliseconds link_valid{std::chrono::hours(24)};

class sign_in {
 public:
  // All must outlive it.
  sign_in(account_store& accounts, base::random_source& random, sign_in_settings how);

  const sign_in_settings& settings() const { return how_; }
  account_store& accounts() { return accounts_; }

  // Whether there is an account. What was known is used for a second or two.
  awaitable<result<bool>> is_needed();
  // Call it when this process has added an account.
  void account_added() { forget_whether_needed(); }

  struct client {
    std::string address;
    std::string network;  // the name under which the client shares what is scarce (http::request::caller)
    std::string agent;
  };
  struct begun {
    std::string secret;  // for the browser
    signed_in who;
    bool pending = false;  // the password was right, and the second factor is missing: see finish()
  };
  // unauthorized: the name or the password is wrong, and which of them is not said. rate_limited: too many
  // wrong ones came before. unavailable: too many people sign in at the moment.
  awaitable<result<begun>> begin(std::string name, std::string password, client from);

  // Completes a sign-in with a one-time code or a recovery code. Empty: it has ended, and begins anew.
  // unauthorized, with the field `code`: it is wrong, or was used before. rate_limited: as above.
  awaitable<result<std::optional<begun>>> finish(std::string_view pending, std::string code,
                                                 base::time_point now, client from);
  // Whose sign-in this is; empty: it has ended.
  awaitable<result<std::optional<account>>> find_pending(std::string_view pending);

  // Who has this session; empty when it has ended.
  awaitable<result<std::optional<signed_in>>> find(std::string_view secret);
  // The same as account_store's, and this node forgets what it knows about the account's sessions.
  awaitable<result<void>> end_session(account_id id, std::int64_t session, actor by);
  awaitable<result<void>> end_sessions(account_id id, std::int64_t except, actor by);
  awaitable<result<account>> change_account(account_id id, role what, bool disabled, actor by);
  awaitable<result<void>> remove_account(account_id id, actor by);

  // Who has this token; empty when it has ended. The role in the answer's account is the account's.
  awaitable<result<std::optional<token_in_use>>> find_token(std::string_view secret);
  struct made_token {
    std::string secret;  // shown once
    domain::token token;
  };
  // Errors: as account_store's, and invalid with the field `token`: what is wrong with its name or time.
  awaitable<result<made_token>> make_token(account_id id, std::string name, role what, milliseconds valid_for,
                                           actor by);
  awaitable<result<void>> end_token(account_id id, std::int64_t token, actor by);

  // Adds an account whose password is set by a link. Errors: as account_store's.
  awaitable<result<account>> add_account(std::string name, role what, actor by);
  // Adds the first account: an admin who chooses the password now. Errors: as below, and conflict: there is
  // one.
  awaitable<result<account>> add_first(std::string name, std::string password, actor by);
  // Adds the account of somebody who chooses the password now. Errors: as above, and invalid with the field
  // `password`.
  awaitable<result<account>> add_with_password(std::string name, role what, std::string password, actor by);
  // Sets the password, and ends the account's sessions and links. not_found; invalid with the field
  // `password`.
  awaitable<result<void>> set_password(account_id id, std::string password, actor by);
  // Sets the own password, and ends the account's other sessions. Errors: as begin(), with the field
  // `current`; invalid with the field `password`.
  awaitable<result<void>> change_password(signed_in who, std::string current, std::string next, client from);
  // Notes that the one who is signed in gave the password again. Errors: as begin().
  awaitable<result<void>> prove(signed_in who, std::string password, client from);
  // A new link that sets the password: its secret. It replaces an earlier one.
  awaitable<result<std::string>> make_link(account_id id, actor by);
  // Whose password the link sets; empty: it is not valid (any more).
  awaitable<result<std::optional<account>>> find_link(std::string_view secret);
  // Sets the password and begins a session. Empty: as above. Errors: invalid with the field `password`.
  awaitable<result<std::optional<begun>>> use_link(std::string_view secret, std::string password,
                                                   client from);

 private:
  using clock = std::chrono::steady_clock;
  // By the digest of the secret.
  template <class Who>
  struct known_for_a_while {
    Who who;
    clock::time_point until;
  };
  template <class Who>
  using known_by_secret = std::unordered_map<std::string, known_for_a_while<Who>>;

  template <class Who, class LookUp, class Note>
  awaitable<result<std::optional<Who>>> find_by(std::string_view secret, known_by_secret<Who>& known,
                                                LookUp look_up, Note note);

  awaitable<result<bool>> is_right(std::string hash, std::string password, std::string address);
  awaitable<result<std::string>> hash_of(std::string password, std::string address);
  awaitable<result<begun>> begin_session(account who, new_session what, client from);
  awaitable<result<begun>> begin_session_or_pending(account who, std::string checked_hash, client from);
  friend class second_factor;
  awaitable<result<std::string>> check_own(signed_in who, std::string password, client from,
                                           std::string_view field);
  std::string new_secret();
  void forget_sessions(account_id id);
  void forget_whether_needed();

  account_store& accounts_;
  base::random_source& random_;
  const sign_in_settings how_;
  wrong_passwords wrong_;  // by account and network
  base::fair_lane hashing_lane_;
  base::blocking_pool hashing_;

  std::mutex mutex_;
  known_by_secret<signed_in> sessions_;
  known_by_secret<token_in_use> tokens_;
  std::uint64_t forgotten_ = 0;  // how often sessions were forgotten
  std::optional<bool> needed_;
  clock::time_point needed_until_;
};

}  // namespace dossier::domain
