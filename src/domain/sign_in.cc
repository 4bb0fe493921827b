#include "domain/sign_in.h"

#include <algorithm>
#include <array>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/expects.h"
#include "base/log.h"
#include "base/one_time_code.h"
#include "base/passwords.h"
#include "base/sha256.h"
#include "base/text.h"
#include "domain/sign_in_rules.h"

namespace dossier::domain {
namespace {

using namespace std::chrono_literals;
using base::error_code;
using base::security_event;

constexpr std::size_t most_cached = 10'000;
// After so many wrong one-time codes for an account, from all clients together, each makes the next one wait:
// with more of them, one could be guessed.
constexpr int free_wrong_codes = 20;
constexpr auto needed_cached = 5s;
constexpr auto not_needed_cached = 1s;

constexpr std::size_t longest_agent = 400;  // bytes

// Two hashes at a time, each with its 19 MiB. The line is short: with a hundred people before one, the wait
// is some seconds.
constexpr unsigned hashes_at_once = 2;
constexpr base::lane_limits hashing_limits{
    .places = hashes_at_once, .wait = 10s, .line = {.waiting = 256, .waiting_each = 16}};

// A hash of nobody's password, with the parameters of all others, so that the answer to an unknown name takes
// as long as that to a wrong password.
const std::string& hash_of_nobody() {
  static const std::string hash = base::hash_password("nobody has this password");
  return hash;
}

// The event loops go first.
void yield_to_loops() {
  thread_local bool done = false;
  if (std::exchange(done, true)) return;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 5);
}

std::chrono::seconds wait_for_code(const pending_sign_in& waiting) {
  const auto pause = wrong_passwords::pause_after(waiting.wrong_codes, free_wrong_codes);
  return std::max(0s, std::chrono::ceil<std::chrono::seconds>(pause - waiting.since_wrong));
}

std::string key_of(const base::sha256_digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

sign_in::sign_in(account_store& accounts, base::random_source& random, sign_in_settings how)
    : accounts_(accounts),
      random_(random),
      how_(how),
      hashing_lane_(hashing_limits),
      hashing_(hashes_at_once) {
  base::expects(how.idle > 0ms && how.absolute > 0ms, "a session lasts some time");
}

awaitable<result<bool>> sign_in::is_needed() {
  {
    const std::lock_guard lock(mutex_);
    if (needed_ && clock::now() < needed_until_) co_return *needed_;
  }
  const auto there = co_await accounts_.has_accounts();
  if (!there) co_return std::unexpected(there.error());
  const std::lock_guard lock(mutex_);
  needed_ = *there;
  needed_until_ =
      clock::now() + (*there ? clock::duration(needed_cached) : clock::duration(not_needed_cached));
  co_return *there;
}

void sign_in::forget_whether_needed() {
  const std::lock_guard lock(mutex_);
  needed_.reset();
}

awaitable<result<bool>> sign_in::is_right(std::string hash, std::string password, std::string address) {
  auto turn = co_await hashing_lane_.enter({.name = std::move(address)});
  if (!turn) co_return base::pass(turn);
  co_return co_await hashing_.run([&] {
    yield_to_loops();
    return base::is_password_of(hash.empty() ? hash_of_nobody() : hash, password) && !hash.empty();
  });
}

awaitable<result<std::string>> sign_in::hash_of(std::string password, std::string address) {
  auto turn = co_await hashing_lane_.enter({.name = std::move(address)});
  if (!turn) co_return base::pass(turn);
  co_return co_await hashing_.run([&] {
    yield_to_loops();
    return base::hash_password(password);
  });
}

std::string sign_in::new_secret() {
  std::array<std::byte, 32> bytes{};
  random_.fill(bytes);
  return base::base64url_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

awaitable<result<sign_in::begun>> sign_in::begin_session(account who, new_session what, client from) {
  auto secret = new_secret();
  base::expects(secret.size() == secret_length, "a secret has 256 bits");
  what.account = who.id;
  what.secret = base::sha256_of(secret);
  what.idle = how_.idle;
  what.absolute = how_.absolute;
  what.address = from.address;
  what.agent = base::readable_text(std::string_view(from.agent).substr(0, longest_agent / 3));
  auto began = co_await accounts_.begin_session(std::move(what));
  if (!began) co_return base::pass(began);
  base::log_security(security_event::signed_in, {{"account", who.id.value}, {"address", from.address}});
  co_return begun{std::move(secret), {std::move(*began), std::move(who)}};
}

// With a second factor, the session begins when that was given too.
awaitable<result<sign_in::begun>> sign_in::begin_session_or_pending(account who, std::string checked_hash,
                                                                    client from) {
  if (!who.second_factor) {
    new_session what;
    what.checked_hash = std::move(checked_hash);
    co_return co_await begin_session(std::move(who), std::move(what), std::move(from));
  }
  auto secret = new_secret();
  auto began = co_await accounts_.begin_pending(who.id, base::sha256_of(secret), std::move(checked_hash),
                                                pending_valid);
  if (!began) co_return base::pass(began);
  begun pending{.secret = std::move(secret), .who = {}, .pending = true};
  pending.who.account = std::move(who);
  co_return pending;
}

awaitable<result<sign_in::begun>> sign_in::begin(std::string name, std::string password, client from) {
  // Nobody has a longer name.
  if (name.size() > 4 * longest_account_name) name.resize(4 * longest_account_name + 1, 'x');
  const auto pair = pair_of(name, from.network);
  if (const auto wait = wrong_.wait(pair, clock::now()); wait > 0s) {
    base::log_security(security_event::sign_in_paused, {{"address", from.address}});
    co_return too_many_tries(wait);
  }
  // It counts as wrong until it is known to be right, so that many tries at once are not free.
  wrong_.add(pair, clock::now());
  auto known = co_await accounts_.find_account(std::move(name));
  if (!known) co_return base::pass(known);
  std::string hash = *known ? (*known)->password_hash : std::string();
  const auto right = co_await is_right(hash, password, from.network);
  if (!right) co_return std::unexpected(right.error());
  if (!*right || (*known)->account.disabled) {
    base::log_security(security_event::sign_in_failed,
                       {{"account", *known ? (*known)->account.id.value : 0}, {"address", from.address}});
    co_return wrong_pair("password");
  }
  const auto who = (*known)->account;
  // With a second factor the count goes on: otherwise each right password would give new tries for the code.
  if (who.second_factor)
    wrong_.take_back(pair);
  else
    wrong_.forget(pair);
  if (base::is_outdated_hash(hash)) {
    auto next = co_await hash_of(std::move(password), from.network);
    if (next && co_await accounts_.replace_hash(who.id, hash, *next)) hash = std::move(*next);
  }
  auto began = co_await begin_session_or_pending(who, std::move(hash), from);
  // The password was changed while it was checked.
  if (!began && began.error().code == error_code::not_found) co_return wrong_pair("password");
  co_return began;
}

awaitable<result<std::optional<account>>> sign_in::find_pending(std::string_view pending) {
  const auto digest = digest_of(pending);
  if (!digest) co_return std::nullopt;
  auto found = co_await accounts_.find_pending(*digest);
  if (!found) co_return base::pass(found);
  if (!*found) co_return std::nullopt;
  co_return std::move((*found)->account);
}

awaitable<result<std::optional<sign_in::begun>>> sign_in::finish(std::string_view pending, std::string code,
                                                                 base::time_point now, client from) {
  const auto digest = digest_of(pending);
  if (!digest) co_return std::nullopt;
  auto found = co_await accounts_.find_pending(*digest);
  if (!found) co_return base::pass(found);
  if (!*found) co_return std::nullopt;
  auto& waiting = **found;
  const auto pair = pair_of(waiting.account.name, from.network);
  const auto wait = std::max(wrong_.wait(pair, clock::now()), wait_for_code(waiting));
  if (wait > 0s) {
    base::log_security(security_event::sign_in_paused, {{"address", from.address}});
    co_return too_many_tries(wait);
  }
  new_session what;
  what.pending = digest;
  what.code_step = base::find_one_time_step(waiting.code_secret, code, now);
  if (!what.code_step) what.recovery_code = digest_of_recovery_code(code);
  const auto who = waiting.account.id.value;
  if (what.code_step || what.recovery_code) {
    auto began = co_await begin_session(std::move(waiting.account), std::move(what), from);
    if (began) {
      wrong_.forget(pair);
      co_return std::move(*began);
    }
    if (began.error().code == error_code::not_found) co_return std::nullopt;
    if (began.error().code != error_code::unauthorized) co_return base::pass(began);
  }
  wrong_.add(pair, clock::now());
  base::log_security(security_event::sign_in_failed,
                     {{"account", who}, {"address", from.address}, {"what", "code"}});
  if (auto counted = co_await accounts_.count_wrong_code(*digest); !counted) co_return base::pass(counted);
  const std::string message = "This code is wrong, or was used before.";
  co_return std::unexpected(base::error{error_code::unauthorized, message, {{"code", message}}});
}

template <class Who, class LookUp, class Note>
awaitable<result<std::optional<Who>>> sign_in::find_by(std::string_view secret, known_by_secret<Who>& known,
                                                       LookUp look_up, Note note) {
  const auto digest = digest_of(secret);
  if (!digest) co_return std::nullopt;
  const auto key = key_of(*digest);
  std::uint64_t forgotten = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto at = known.find(key);
    if (at != known.end() && clock::now() < at->second.until) co_return at->second.who;
    forgotten = forgotten_;
  }
  auto found = co_await look_up(*digest);
  if (!found) co_return base::pass(found);
  // The secret is valid, whether or not it can be noted now that it was used.
  if (*found && (*found)->is_stale) co_await note(**found);
  const std::lock_guard lock(mutex_);
  if (!*found) {
    known.erase(key);
  } else if (forgotten == forgotten_) {  // otherwise it may have ended while it was looked up
    if (known.size() >= most_cached) known.clear();
    known[key] = {**found, clock::now() + session_cached};
  }
  co_return std::move(*found);
}

awaitable<result<std::optional<signed_in>>> sign_in::find(std::string_view secret) {
  return find_by(
      secret, sessions_, [this](base::sha256_digest digest) { return accounts_.find_session(digest); },
      [this](const signed_in& who) { return accounts_.see_session(who.session.id, how_.idle); });
}

awaitable<result<std::optional<token_in_use>>> sign_in::find_token(std::string_view secret) {
  return find_by(
      secret, tokens_, [this](base::sha256_digest digest) { return accounts_.find_token(digest); },
      [this](const token_in_use& who) { return accounts_.see_token(who.token.id); });
}

awaitable<result<sign_in::made_token>> sign_in::make_token(account_id id, std::string name, role what,
                                                           milliseconds valid_for, actor by) {
  auto checked = check_name(name);
  if (!checked || valid_for <= 0ms || valid_for > longest_token) {
    const std::string message =
        checked ? "A token is valid for 1 to 366 days" : checked.error().fields.at(0).message;
    co_return std::unexpected(base::error{error_code::invalid, message, {{"token", message}}});
  }
  auto secret = new_secret();
  auto added = co_await accounts_.add_token({.account = id,
                                             .secret = base::sha256_of(secret),
                                             .name = std::move(*checked),
                                             .role = what,
                                             .valid_for = valid_for},
                                            std::move(by));
  if (!added) co_return base::pass(added);
  base::log_security(security_event::token_changed,
                     {{"account", id.value}, {"token", added->id}, {"what", "made"}});
  co_return made_token{std::move(secret), std::move(*added)};
}

awaitable<result<void>> sign_in::end_token(account_id id, std::int64_t token, actor by) {
  auto ended = co_await accounts_.end_token(id, token, std::move(by));
  if (ended) {
    base::log_security(security_event::token_changed,
                       {{"account", id.value}, {"token", token}, {"what", "ended"}});
  }
  forget_sessions(id);
  co_return ended;
}

void sign_in::forget_sessions(account_id id) {
  const std::lock_guard lock(mutex_);
  ++forgotten_;
  std::erase_if(tokens_, [id](const auto& one) { return one.second.who.account.id == id; });
  std::erase_if(sessions_, [id](const auto& one) { return one.second.who.account.id == id; });
}

awaitable<result<void>> sign_in::end_session(account_id id, std::int64_t session, actor by) {
  auto ended = co_await accounts_.end_session(id, session, std::move(by));
  if (ended) base::log_security(security_event::signed_out, {{"account", id.value}, {"session", session}});
  forget_sessions(id);
  co_return ended;
}

awaitable<result<void>> sign_in::end_sessions(account_id id, std::int64_t except, actor by) {
  auto ended = co_await accounts_.end_sessions(id, except, std::move(by));
  if (ended) base::log_security(security_event::signed_out, {{"account", id.value}, {"session", "all"}});
  forget_sessions(id);
  co_return ended;
}

awaitable<result<account>> sign_in::change_account(account_id id, role what, bool disabled, actor by) {
  const auto whose = by.account.value;
  auto changed = co_await accounts_.change_account(id, what, disabled, std::move(by));
  if (changed) {
    base::log_security(security_event::account_changed, {{"account", id.value},
                                                         {"role", to_string(what)},
                                                         {"disabled", disabled ? "yes" : "no"},
                                                         {"by", whose}});
  }
  forget_sessions(id);
  co_return changed;
}

awaitable<result<void>> sign_in::remove_account(account_id id, actor by) {
  const auto whose = by.account.value;
  auto removed = co_await accounts_.remove_account(id, std::move(by));
  if (removed) {
    base::log_security(security_event::account_changed,
                       {{"account", id.value}, {"what", "removed"}, {"by", whose}});
  }
  forget_sessions(id);
  forget_whether_needed();
  co_return removed;
}

}  // namespace dossier::domain
