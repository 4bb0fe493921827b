#include "domain/sign_in_rules.h"

#include "base/ascii.h"
#include "base/characters.h"
#include "base/text.h"
#include "base/text_policy.h"
#include "domain/password_rules.h"

namespace dossier::domain {

using base::error_code;

namespace {

constexpr std::size_t longest_fold = 1'000;  // bytes, of the folded name: the databases hold no longer one

}  // namespace

std::unexpected<base::error> wrong_pair(std::string_view field) {
  const std::string message = "The name or the password is wrong.";
  return std::unexpected(base::error{error_code::unauthorized, message, {{std::string(field), message}}});
}

std::unexpected<base::error> too_many_tries(std::chrono::seconds wait) {
  base::error slow{error_code::rate_limited,
                   "There were too many wrong passwords from here. Try again a little later."};
  slow.retry_after = wait;
  return std::unexpected(std::move(slow));
}

// Of limited size, however long the name is that somebody sends.
std::string pair_of(std::string_view name, std::string_view network) {
  const auto digest = base::sha256_of(base::fold(name) + '\n' + std::string(network));
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

result<std::string> check_name(std::string_view typed) {
  const auto refuse = [](std::string message) {
    return std::unexpected(base::error{error_code::invalid, message, {{"name", message}}});
  };
  if (!base::is_valid_utf8(typed)) return refuse("Enter the name as text");
  const auto name = base::trim(typed);
  if (!base::shows_something(name)) return refuse("Enter a name");
  if (base::count_characters(name) > longest_account_name)
    return refuse("Shorten the name to 100 characters or fewer");
  if (base::has_control_characters(name) || base::plain_file_name(name) != name)
    return refuse("Remove the characters from the name that cannot be seen");
  if (base::fold(name).size() > longest_fold) return refuse("Shorten the name");
  return std::string(name);
}

std::optional<base::sha256_digest> digest_of(std::string_view secret) {
  if (secret.size() != secret_length) return std::nullopt;
  return base::sha256_of(secret);
}

std::optional<base::sha256_digest> digest_of_recovery_code(std::string_view typed) {
  std::string code;
  for (const char c : base::ascii_lower(typed)) {
    if (c != ' ' && c != '-') code += c;
  }
  if (code.size() != recovery_code_length) return std::nullopt;
  return base::sha256_of(code);
}

actor by_session(const signed_in& who, const sign_in::client& from) {
  return {.via = actor::kind::visitor,
          .account = who.account.id,
          .session = who.session.id,
          .address = from.address};
}

std::size_t shortest_password_of(const account& who) {
  return who.second_factor ? shortest_with_second_factor : shortest_password;
}

}  // namespace dossier::domain
