#include "base/one_time_code.h"

#include <chrono>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <liboath/oath.h>
#include <sodium.h>

#include "base/expects.h"

namespace dossier::base {
namespace {

constexpr std::int64_t step_seconds = 30;
constexpr unsigned digits = 6;

void begin_oath() {
  static const int begun = oath_init();
  expects(begun == OATH_OK, "liboath can be used");
}

std::string in_base32(std::string_view secret) {
  begin_oath();
  char* text = nullptr;
  std::size_t length = 0;
  expects(oath_base32_encode(secret.data(), secret.size(), &text, &length) == OATH_OK,
          "bytes can be written in base32");
  const std::unique_ptr<char, decltype(&std::free)> owner(text, &std::free);
  std::string all(text, length);
  while (all.ends_with('=')) all.pop_back();
  return all;
}

// What may stand in an address as it is.
std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::string one_time_secret_text(std::string_view secret) {
  const auto all = in_base32(secret);
  std::string groups;
  for (std::size_t i = 0; i < all.size(); i += 4) {
    if (i > 0) groups += ' ';
    groups += all.substr(i, 4);
  }
  return groups;
}

std::string one_time_secret_address(std::string_view secret, std::string_view issuer, std::string_view name) {
  return fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}", percent_encoded(issuer),
                     percent_encoded(name), in_base32(secret));
}

std::string one_time_code(std::string_view secret, std::int64_t step) {
  expects(step >= 0, "codes are made since 1970");
  begin_oath();
  char code[digits + 1] = {};
  const int made = oath_totp_generate(secret.data(), secret.size(), static_cast<time_t>(step * step_seconds),
                                      static_cast<unsigned>(step_seconds), 0, digits, code);
  expects(made == OATH_OK, "a code can be made of a secret");
  return code;
}

std::int64_t one_time_step(time_point when) {
  return std::chrono::floor<std::chrono::seconds>(when.time_since_epoch()).count() / step_seconds;
}

std::optional<std::int64_t> find_one_time_step(std::string_view secret, std::string_view code,
                                               time_point when) {
  std::string typed;
  for (const char c : code) {
    if (c != ' ' && c != '-') typed += c;
  }
  typed.resize(digits + (typed.size() == digits ? 0 : 1), 'x');
  const auto now = one_time_step(when);
  std::optional<std::int64_t> found;
  for (std::int64_t step = std::max<std::int64_t>(now - 1, 0); step <= now + 1; ++step) {
    const auto right = one_time_code(secret, step);
    const bool same = typed.size() == digits && sodium_memcmp(typed.data(), right.data(), digits) == 0;
    if (same) found = step;
  }
  return found;
}

}  // namespace dossier::base
