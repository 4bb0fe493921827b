#include "domain/second_factor.h"

#include <array>
#include <utility>

#include "base/expects.h"
#include "base/log.h"
#include "base/one_time_code.h"
#include "base/text.h"
#include "domain/password_rules.h"
#include "domain/sign_in_rules.h"

namespace dossier::domain {
namespace {

using base::error_code;
using base::security_event;

// Without those that look like others (RFC 4648 has 0, 1, 8 and 9 left out for that).
constexpr std::string_view code_letters = "abcdefghijklmnopqrstuvwxyz234567";

// Characters of the account's name that an app shows: with more, the picture would be hard to read.
constexpr std::size_t shown_name = 40;

void log_change(account_id id, std::string_view what) {
  base::log_security(security_event::second_factor_changed, {{"account", id.value}, {"what", what}});
}

}  // namespace

second_factor::second_factor(sign_in& rules, base::random_source& random, const base::clock& clock)
    : rules_(rules), accounts_(rules.accounts()), random_(random), clock_(clock) {}

awaitable<result<second_factor_state>> second_factor::find(account_id id) {
  return accounts_.find_second_factor(id);
}

awaitable<result<second_factor::begun>> second_factor::begin(const account& who) {
  std::array<std::byte, base::one_time_secret_size> bytes{};
  random_.fill(bytes);
  auto secret = co_await accounts_.begin_second_factor(
      who.id, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  if (!secret) co_return base::pass(secret);
  co_return begun{.secret = base::one_time_secret_text(*secret),
                  .address = base::one_time_secret_address(*secret, "Dossier",
                                                           base::first_characters(who.name, shown_name))};
}

awaitable<result<std::vector<std::string>>> second_factor::confirm(const signed_in& who, std::string code,
                                                                   actor by) {
  auto state = co_await accounts_.find_second_factor(who.account.id);
  if (!state) co_return base::pass(state);
  if (state->code_secret.empty() || state->confirmed)
    co_return base::fail(error_code::conflict, "Begin to set up one-time codes again.");
  const auto step = base::find_one_time_step(state->code_secret, code, clock_.now());
  if (!step) {
    const std::string message =
        "This code is wrong. Wait for the next one, and check the time of your phone.";
    co_return std::unexpected(base::error{error_code::unauthorized, message, {{"code", message}}});
  }
  auto made = new_codes();
  auto confirmed = co_await accounts_.confirm_second_factor(who.account.id, *step, std::move(made.kept),
                                                            who.session.id, std::move(by));
  if (!confirmed) co_return base::pass(confirmed);
  rules_.forget_sessions(who.account.id);
  log_change(who.account.id, "set up");
  co_return std::move(made.shown);
}

awaitable<result<std::vector<std::string>>> second_factor::make_recovery_codes(account_id id, actor by) {
  auto made = new_codes();
  auto set = co_await accounts_.set_recovery_codes(id, std::move(made.kept), std::move(by));
  if (!set) co_return base::pass(set);
  log_change(id, "new recovery codes");
  co_return std::move(made.shown);
}

awaitable<result<void>> second_factor::drop_own(const signed_in& who, std::string password,
                                                sign_in::client from) {
  const auto length = base::count_characters(password);
  const auto by = by_session(who, from);
  const auto right = co_await rules_.check_own(who, std::move(password), std::move(from), "password");
  if (!right) co_return std::unexpected(right.error());
  if (length < shortest_password) {
    const std::string message =
        "Choose a password of at least 15 characters first: then it is the only factor";
    co_return std::unexpected(base::error{error_code::invalid, message, {{"password", message}}});
  }
  auto dropped = co_await accounts_.drop_second_factor(who.account.id, false, by);
  rules_.forget_sessions(who.account.id);
  if (dropped) log_change(who.account.id, "dropped");
  co_return dropped;
}

awaitable<result<void>> second_factor::reset(account_id id, actor by) {
  auto dropped = co_await accounts_.drop_second_factor(id, true, std::move(by));
  rules_.forget_sessions(id);
  if (dropped) log_change(id, "reset");
  co_return dropped;
}

second_factor::codes second_factor::new_codes() {
  codes made;
  for (int i = 0; i < recovery_codes_at_once; ++i) {
    std::array<std::byte, recovery_code_length> bytes{};
    random_.fill(bytes);
    std::string code, shown;
    for (const auto one : bytes) {
      if (!code.empty() && code.size() % 4 == 0) shown += '-';
      code += code_letters[static_cast<std::size_t>(one) % code_letters.size()];
      shown += code.back();
    }
    made.kept.push_back(base::sha256_of(code));
    made.shown.push_back(std::move(shown));
  }
  return made;
}

}  // namespace dossier::domain
