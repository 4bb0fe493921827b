// The set-up link, with which whoever installed a server adds its first account from elsewhere. It holds a
// secret that the settings name. It works as long as there is no account, and for half an hour after the
// records first saw that secret, however often servers start.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/async.h"
#include "base/result.h"
#include "base/sha256.h"
#include "domain/sign_in.h"

namespace dossier::domain {

inline constexpr milliseconds set_up_valid{std::chrono::minutes(30)};
// A shorter secret could be guessed.
inline constexpr std::size_t shortest_set_up_secret = 20;

class set_up {
 public:
  // Both must outlive it. The secret has at least shortest_set_up_secret characters of [A-Za-z0-9_-].
  set_up(sign_in& accounts, std::string_view secret);

  // Notes the secret, if it is new: its half hour begins. Call it before the server answers requests.
  awaitable<result<void>> begin();

  enum class state {
    open,
    expired,  // the half hour is over
    closed,   // there is an account
  };
  awaitable<result<state>> look();
  bool is_link(std::string_view secret) const;

  // Adds the first account, an admin, and signs it in. unauthorized: not the secret. conflict: it is not open
  // any more. Otherwise as sign_in::add_first().
  awaitable<result<sign_in::begun>> use(std::string_view secret, std::string name, std::string password,
                                        sign_in::client from);

 private:
  sign_in& accounts_;
  const base::sha256_digest secret_;
};

}  // namespace dossier::domain
