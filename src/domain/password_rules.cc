#include "domain/password_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "base/text_policy.h"

namespace dossier::domain {
namespace {

// What people put into passwords most often, folded. A password that consists of these and of simple runs is
// guessed at once, however long it is.
constexpr auto common = std::to_array<std::string_view>({
    "access",   "admin",    "administrator", "2020",     "2021",      "2022",       "2023",     "2024",
    "2025",     "2026",     "2027",          "andrea",   "andrew",    "angel",      "apple",    "asdf",
    "ashley",   "austin",   "bailey",        "banana",   "baseball",  "basketball", "batman",   "battery",
    "berlin",   "buster",   "butterfly",     "changeme", "charlie",   "cheese",     "chelsea",  "chocolate",
    "computer", "cookie",   "correct",       "daniel",   "default",   "diamond",    "dossier",  "dragon",
    "email",    "family",   "flower",        "football", "forever",   "freedom",    "friday",   "friends",
    "george",   "ginger",   "guest",         "hallo",    "hannah",    "hello",      "hockey",   "horse",
    "house",    "hunter",   "iloveyou",      "internet", "jennifer",  "jessica",    "jesus",    "jordan",
    "joshua",   "justin",   "killer",        "letmein",  "liverpool", "login",      "london",   "lovely",
    "love",     "loveme",   "maggie",        "manager",  "master",    "matrix",     "matthew",  "merlin",
    "michael",  "michelle", "monday",        "money",    "monkey",    "mother",     "mustang",  "mypassword",
    "ninja",    "nicole",   "nothing",       "orange",   "password",  "passwort",   "passw0rd", "pepper",
    "please",   "princess", "pokemon",       "purple",   "qazwsx",    "qwer",       "qwerty",   "qwertz",
    "ranger",   "robert",   "root",          "samsung",  "secret",    "secure",     "security", "server",
    "shadow",   "silver",   "soccer",        "staple",   "starwars",  "summer",     "sunday",   "sunshine",
    "superman", "system",   "taylor",        "temp",     "test",      "thomas",     "thunder",  "tigger",
    "trustno1", "user",     "welcome",       "whatever", "william",   "winter",     "yankees",  "zaq1zaq1",
    "123abc",   "1q2w3e4r", "1qaz2wsx",      "abc123",   "p@ssword",  "p@ssw0rd",   "pass",     "word",
});

constexpr auto rows_of_keys = std::to_array<std::string_view>(
    {"01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz",
     "zyxwvutsrqponmlkjihgfedcba", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm",
     "azertyuiopqsdfghjklmwxcvbn", "poiuytrewqlkjhgfdsamnbvcxz", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
     "zaq12wsxcde34rfvbgt56yhnmju78ik", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "147258369",
     "11223344556677889900", "!@#$%^&*()"});

// How many bytes at the front are one of the common texts, the name, or a simple run: the same character, or
// three or more neighbours on a keyboard or in the alphabet.
std::size_t simple_front(std::string_view text, std::string_view name) {
  std::size_t longest = 0;
  const auto take = [&](std::string_view known) {
    if (known.size() > longest && text.starts_with(known)) longest = known.size();
  };
  for (const auto one : common) take(one);
  if (name.size() >= 3) take(name);
  std::size_t same = 1;
  while (same < text.size() && text[same] == text[0]) ++same;
  if (same >= 2) longest = std::max(longest, same);
  for (const auto row : rows_of_keys) {
    for (std::size_t at = 0; at + 3 <= row.size(); ++at) {
      std::size_t run = 0;
      while (run < text.size() && at + run < row.size() && text[run] == row[at + run]) ++run;
      if (run >= 3) longest = std::max(longest, run);
    }
  }
  return longest;
}

// How many bytes of the text have to be guessed: those that are not simple, and one for each simple part.
std::size_t bytes_to_guess(std::string_view text, std::string_view name) {
  std::size_t count = 0;
  while (!text.empty()) {
    const auto simple = simple_front(text, name);
    auto length = std::max<std::size_t>(simple, 1);
    // A character of several bytes counts once.
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) ++length;
    text.remove_prefix(length);
    ++count;
  }
  return count;
}

// What people put between words, and at their end, makes them no harder to guess.
std::string without_signs(std::string text) {
  std::erase_if(text, [](char c) { return std::string_view(" -_.,;:!?@+*/&").contains(c); });
  return text;
}

// Whether the text is a shorter text again and again: "hunter2hunter2hunter2".
std::size_t period_of(std::string_view text) {
  for (std::size_t length = 1; length * 2 <= text.size(); ++length) {
    if (text.substr(length) == text.substr(0, text.size() - length)) return length;
  }
  return text.size();
}

// With fewer to guess, a program that tries common texts first finds it.
constexpr std::size_t least_to_guess = 7;

std::unexpected<base::error> refuse(std::string message) {
  return std::unexpected(base::error{base::error_code::invalid, message, {{"password", message}}});
}

}  // namespace

base::result<void> check_new_password(std::string_view password, std::string_view name,
                                      std::size_t shortest) {
  if (!base::is_valid_utf8(password)) return refuse("Enter the password as text");
  if (password.size() > longest_password) {
    return refuse(fmt::format("Shorten the password to {} bytes or fewer", longest_password));
  }
  if (base::count_characters(password) < shortest) {
    return refuse(
        fmt::format("Choose a password of at least {} characters: a few words that do not belong "
                    "together are easy to remember",
                    shortest));
  }
  const auto folded = base::fold(password);
  const auto to_guess = [owner = base::fold(name)](const std::string& text) {
    const auto once = std::string_view(text).substr(0, period_of(text));
    return std::min(bytes_to_guess(once, owner), bytes_to_guess(once, without_signs(owner)));
  };
  if (std::min(to_guess(folded), to_guess(without_signs(folded))) < least_to_guess) {
    return refuse(
        "Choose a password that is harder to guess: this one consists of common words, "
        "repetitions or neighbouring keys");
  }
  return {};
}

}  // namespace dossier::domain
