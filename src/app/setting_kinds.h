// The kinds of settings: how each reads and shows the value it finds through `place`, a function from
// settings to a reference. Used by the table in settings.cc and its rows in address_settings.cc only.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/settings.h"
#include "base/expects.h"

// How settings are written: sizes as 5GiB, durations as 15s. These functions read what was given (nothing is
// returned for a text that is not valid) and write what `config check` prints.
namespace dossier::app {

using std::chrono::milliseconds;

// Bytes: "65536", "64KiB", "5GiB", "5 GB" (KB, MB, GB and TB are powers of 1000).
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string show_size(std::uint64_t bytes);

// "500ms", "15s", "2m", "1h", "7d"; "1m30s" too. "0" needs no unit.
std::optional<milliseconds> parse_duration(std::string_view text);
std::string show_duration(milliseconds time);

// true, yes, on, 1; false, no, off, 0.
std::optional<bool> parse_yes_no(std::string_view text);

// A whole number in decimal digits.
std::optional<std::uint64_t> parse_count(std::string_view text);

// Separated by commas; white space around an entry and empty entries are dropped.
std::vector<std::string> parse_list(std::string_view text);
std::string show_list(const std::vector<std::string>& entries);

}  // namespace dossier::app

namespace dossier::app::kinds {

inline std::unexpected<base::error> wrong(std::string_view text, std::string_view how) {
  return base::fail(base::error_code::invalid, fmt::format("\"{}\" is not {}", text, how));
}

template <class Place>
setting text(setting row, Place place) {
  row.assign = [place](settings& to, std::string_view given) -> base::result<void> {
    place(to) = std::string(given);
    return {};
  };
  row.show = [place](const settings& from) {
    return std::string(place(from));
  };
  return row;
}

template <class Place>
setting yes_no(setting row, Place place) {
  row.form = "BOOL";
  row.assign = [place](settings& to, std::string_view given) -> base::result<void> {
    const auto value = parse_yes_no(given);
    if (!value) return wrong(given, "true or false");
    place(to) = *value;
    return {};
  };
  row.show = [place](const settings& from) -> std::string {
    return place(from) ? "true" : "false";
  };
  return row;
}

template <class Place>
setting count(setting row, std::uint64_t least, std::uint64_t most, Place place) {
  row.form = "N";
  row.assign = [=](settings& to, std::string_view given) -> base::result<void> {
    const auto value = parse_count(given);
    if (!value || *value < least || *value > most) {
      return wrong(given, fmt::format("a whole number from {} to {}", least, most));
    }
    auto& target = place(to);
    using number = std::remove_reference_t<decltype(target)>;
    base::expects(std::in_range<number>(most), "the largest value fits the setting's type");
    target = static_cast<number>(*value);
    return {};
  };
  row.show = [place](const settings& from) {
    return std::to_string(place(from));
  };
  return row;
}

template <class Place>
setting size(setting row, std::uint64_t least, Place place) {
  row.form = "SIZE";
  row.assign = [=](settings& to, std::string_view given) -> base::result<void> {
    const auto value = parse_size(given);
    if (!value) return wrong(given, "a size; write it as 64KiB, 100MiB or 5GiB");
    if (*value < least) return wrong(given, fmt::format("at least {}", show_size(least)));
    place(to) = *value;
    return {};
  };
  row.show = [place](const settings& from) {
    return show_size(place(from));
  };
  return row;
}

template <class Place>
setting duration(setting row, milliseconds least, Place place) {
  row.form = "DURATION";
  row.assign = [=](settings& to, std::string_view given) -> base::result<void> {
    const auto value = parse_duration(given);
    if (!value) return wrong(given, "a duration; write it as 500ms, 15s, 2m, 1h or 7d");
    if (*value < least) return wrong(given, fmt::format("at least {}", show_duration(least)));
    place(to) = *value;
    return {};
  };
  row.show = [place](const settings& from) {
    return show_duration(place(from));
  };
  return row;
}

template <class Place>
setting list(setting row, Place place) {
  row.form = "A,B,…";
  row.assign = [place](settings& to, std::string_view given) -> base::result<void> {
    place(to) = parse_list(given);
    return {};
  };
  row.show = [place](const settings& from) {
    return show_list(place(from));
  };
  return row;
}

template <class Value, std::size_t N, class Place>
setting choice(setting row, std::array<std::pair<std::string_view, Value>, N> choices, Place place) {
  row.assign = [=](settings& to, std::string_view given) -> base::result<void> {
    for (const auto& [name, value] : choices) {
      if (name == given) {
        place(to) = value;
        return {};
      }
    }
    std::string names;
    for (const auto& [name, value] : choices) names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    return wrong(given, fmt::format("one of {}", names));
  };
  row.show = [=](const settings& from) -> std::string {
    for (const auto& [name, value] : choices) {
      if (value == place(from)) return std::string(name);
    }
    return {};
  };
  return row;
}

}  // namespace dossier::app::kinds
