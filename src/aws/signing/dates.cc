#include "aws/signing/dates.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "aws/error.h"

namespace dossier::aws {
namespace {

// The number at a fixed place; empty when something there is not a digit.
std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  if (from + count > text.size()) return std::nullopt;
  const auto part = text.substr(from, count);
  if (!std::ranges::all_of(part, [](char letter) { return letter >= '0' && letter <= '9'; })) return {};
  int value = 0;
  std::from_chars(part.data(), part.data() + part.size(), value);
  return value;
}

struct civil {
  std::optional<int> year, month, day, hour, minute, second;
};

std::optional<base::time_point> to_instant(const civil& at) {
  if (!at.year || !at.month || !at.day || !at.hour || !at.minute || !at.second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*at.year),
                                         std::chrono::month(static_cast<unsigned>(*at.month)),
                                         std::chrono::day(static_cast<unsigned>(*at.day))};
  if (!date.ok() || *at.hour > 23 || *at.minute > 59 || *at.second > 60) return std::nullopt;
  return base::time_point(std::chrono::sys_days(date)) + std::chrono::hours(*at.hour) +
         std::chrono::minutes(*at.minute) + std::chrono::seconds(*at.second);
}

}  // namespace

std::optional<base::time_point> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || !text.ends_with(" GMT") || text[19] != ':' || text[22] != ':') return std::nullopt;
  const auto month = std::ranges::find(months, text.substr(8, 3));
  if (month == months.end()) return std::nullopt;
  return to_instant({.year = digits(text, 12, 4),
                     .month = static_cast<int>(month - months.begin()) + 1,
                     .day = digits(text, 5, 2),
                     .hour = digits(text, 17, 2),
                     .minute = digits(text, 20, 2),
                     .second = digits(text, 23, 2)});
}

std::optional<base::time_point> parse_iso_date(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return {};
  if (text[10] != 'T' && text[10] != ' ') return std::nullopt;
  auto rest = text.substr(19);
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') rest.remove_prefix(1);
  }
  if (rest != "Z" && rest != "UTC" && rest != "+00:00") return std::nullopt;
  return to_instant({.year = digits(text, 0, 4),
                     .month = digits(text, 5, 2),
                     .day = digits(text, 8, 2),
                     .hour = digits(text, 11, 2),
                     .minute = digits(text, 14, 2),
                     .second = digits(text, 17, 2)});
}

namespace {

// AWS accepts five minutes. One of them is left for the time that a request takes.
constexpr std::chrono::minutes tolerated{4};

}  // namespace

std::optional<std::chrono::milliseconds> skew_behind(const error& failed, base::time_point now) {
  if (!failed.date || !may_be_clock_skew(failed.code)) return std::nullopt;
  const auto off = *failed.date - now;
  const bool much = off >= tolerated || off <= -tolerated;
  if (!much && !tells_clock_skew(failed.code)) return std::nullopt;
  return off;
}

}  // namespace dossier::aws
