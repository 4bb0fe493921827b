#include "app/setting_kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/ascii.h"
#include "base/expects.h"

namespace dossier::app {
namespace {

struct unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array size_units = {
    unit{"B", 1},
    unit{"KiB", 1ULL << 10},
    unit{"MiB", 1ULL << 20},
    unit{"GiB", 1ULL << 30},
    unit{"TiB", 1ULL << 40},
    unit{"KB", 1'000},
    unit{"MB", 1'000'000},
    unit{"GB", 1'000'000'000},
    unit{"TB", 1'000'000'000'000},
};

// Milliseconds; from the smallest up, as show_duration() needs them.
constexpr std::array time_units = {
    unit{"ms", 1}, unit{"s", 1'000}, unit{"m", 60'000}, unit{"h", 3'600'000}, unit{"d", 86'400'000},
};

template <std::size_t N>
std::optional<std::uint64_t> factor_of(const std::array<unit, N>& units, std::string_view name) {
  const auto found =
      std::ranges::find_if(units, [&](const unit& u) { return base::ascii_equal(u.name, name); });
  if (found == units.end()) return std::nullopt;
  return found->factor;
}

// Takes a number and the word behind it off the front of `text`.
struct quantity {
  std::uint64_t number;
  std::string_view unit_name;
};

std::optional<quantity> take_quantity(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const auto name = text.substr(0, text.find_first_of("0123456789 "));
  text.remove_prefix(name.size());
  return quantity{number, name};
}

std::optional<std::uint64_t> multiply(std::uint64_t a, std::uint64_t b) {
  if (a != 0 && b > std::numeric_limits<std::int64_t>::max() / a) return std::nullopt;
  return a * b;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  text = base::trim_blanks(text);
  const auto given = take_quantity(text);
  if (!given || !text.empty()) return std::nullopt;
  const auto factor = given->unit_name.empty() ? 1 : factor_of(size_units, given->unit_name);
  if (!factor) return std::nullopt;
  return multiply(given->number, *factor);
}

std::string show_size(std::uint64_t bytes) {
  for (const std::string_view name : {"TiB", "GiB", "MiB", "KiB"}) {
    const auto factor = *factor_of(size_units, name);
    if (bytes >= factor && bytes % factor == 0) return fmt::format("{}{}", bytes / factor, name);
  }
  return fmt::format("{}B", bytes);
}

std::optional<milliseconds> parse_duration(std::string_view text) {
  text = base::trim_blanks(text);
  if (text == "0") return milliseconds{0};
  std::uint64_t total = 0;
  do {
    const auto given = take_quantity(text);
    if (!given) return std::nullopt;
    const auto factor = factor_of(time_units, given->unit_name);
    const auto part = factor ? multiply(given->number, *factor) : std::nullopt;
    if (!part || *part > std::numeric_limits<std::int64_t>::max() - total) return std::nullopt;
    total += *part;
  } while (!text.empty());
  return milliseconds{total};
}

std::string show_duration(milliseconds time) {
  base::expects(time.count() >= 0, "a duration is not negative");
  const auto count = static_cast<std::uint64_t>(time.count());
  if (count == 0) return "0s";
  for (const auto& u : {time_units[3], time_units[2], time_units[1]}) {
    // 90 s stays 90s: minutes are used from two on, and so are hours.
    if (count % u.factor == 0 && (u.factor == 1'000 || count >= 2 * u.factor)) {
      return fmt::format("{}{}", count / u.factor, u.name);
    }
  }
  return fmt::format("{}ms", count);
}

std::optional<bool> parse_yes_no(std::string_view text) {
  const auto is = [&](std::string_view word) {
    return base::ascii_equal(text, word);
  };
  if (is("true") || is("yes") || is("on") || is("1")) return true;
  if (is("false") || is("no") || is("off") || is("0")) return false;
  return std::nullopt;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> entries;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto entry = base::trim_blanks(text.substr(0, comma));
    if (!entry.empty()) entries.emplace_back(entry);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return entries;
}

std::string show_list(const std::vector<std::string>& entries) {
  return fmt::format("{}", fmt::join(entries, ", "));
}

}  // namespace dossier::app
