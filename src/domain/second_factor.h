// The second factor of an account: one-time codes of an authenticator app (base/one_time_code.h), and
// recovery codes for when the app is lost. Each code works once. Giving one at sign-in is in sign_in.h.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "domain/sign_in.h"

namespace dossier::domain {

// How many recovery codes an account gets.
inline constexpr int recovery_codes_at_once = 10;

class second_factor {
 public:
  // All must outlive it.
  second_factor(sign_in& rules, base::random_source& random, const base::clock& clock);

  awaitable<result<second_factor_state>> find(account_id id);

  struct begun {
    std::string secret;   // as people type it into an app
    std::string address;  // as an app reads it from a picture
  };
  // The secret to set up an app with: the one that was begun before, or a new one. conflict: it is in use
  // already.
  awaitable<result<begun>> begin(const account& who);
  // From now on signing in takes a code. Ends the account's other sessions. Returns the recovery codes, to be
  // shown once. unauthorized, with the field `code`: it is wrong. conflict: as above.
  awaitable<result<std::vector<std::string>>> confirm(const signed_in& who, std::string code, actor by);
  // New recovery codes instead of the ones before. conflict: there is no second factor.
  awaitable<result<std::vector<std::string>>> make_recovery_codes(account_id id, actor by);
  // invalid, with the field `password`: the password is too short to be the only factor. Otherwise as
  // sign_in::prove().
  awaitable<result<void>> drop_own(const signed_in& who, std::string password, sign_in::client from);
  // For somebody who lost app and recovery codes: the account has neither second factor nor password any
  // more, and all its sessions end. A link sets a new password. conflict: no admin would be left who can sign
  // in.
  awaitable<result<void>> reset(account_id id, actor by);

 private:
  struct codes {
    std::vector<std::string> shown;
    std::vector<base::sha256_digest> kept;
  };
  codes new_codes();

  sign_in& rules_;
  account_store& accounts_;
  base::random_source& random_;
  const base::clock& clock_;
};

}  // namespace dossier::domain
