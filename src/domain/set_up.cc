#include "domain/set_up.h"

#include <utility>

#include "base/expects.h"
#include "base/log.h"

namespace dossier::domain {

using base::error_code;

set_up::set_up(sign_in& accounts, std::string_view secret)
    : accounts_(accounts), secret_(base::sha256_of(secret)) {
  base::expects(secret.size() >= shortest_set_up_secret, "the secret of the set-up link cannot be guessed");
}

awaitable<result<void>> set_up::begin() {
  return accounts_.accounts().note_set_up(secret_);
}

awaitable<result<set_up::state>> set_up::look() {
  const auto there = co_await accounts_.accounts().has_accounts();
  if (!there) co_return std::unexpected(there.error());
  if (*there) co_return state::closed;
  const auto open = co_await accounts_.accounts().is_set_up_open(secret_, set_up_valid);
  if (!open) co_return std::unexpected(open.error());
  co_return *open ? state::open : state::expired;
}

// What is compared are digests, so the time that it takes says nothing about the secret.
bool set_up::is_link(std::string_view secret) const {
  return base::sha256_of(secret) == secret_;
}

awaitable<result<sign_in::begun>> set_up::use(std::string_view secret, std::string name, std::string password,
                                              sign_in::client from) {
  if (!is_link(secret)) co_return base::fail(error_code::unauthorized, "Open the set-up link again.");
  const auto now = co_await look();
  if (!now) co_return std::unexpected(now.error());
  if (*now != state::open) co_return base::fail(error_code::conflict, "Set-up is not open any more.");
  auto added =
      co_await accounts_.add_first(name, password, {.via = actor::kind::visitor, .address = from.address});
  if (!added) co_return base::pass(added);
  base::log_security(base::security_event::set_up, {{"account", added->id.value}, {"address", from.address}});
  co_return co_await accounts_.begin(added->name, std::move(password), std::move(from));
}

}  // namespace dossier::domain
