#include "web/pages/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/characters.h"
#include "base/text.h"

namespace dossier::web {
namespace {

constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The first visible character of the first word and of the last. With one word, the second is empty.
std::pair<std::string_view, std::string_view> first_characters(std::string_view text) {
  std::pair<std::string_view, std::string_view> found;
  bool begins = true;
  while (const auto next = base::first_code_point(text)) {
    const auto character = text.substr(0, next->length);
    text.remove_prefix(next->length);
    if (base::is_white_space(next->code)) begins = true;
    if (!begins || !base::is_visible(next->code)) continue;
    begins = false;
    (found.first.empty() ? found.first : found.second) = character;
  }
  return found;
}

std::string upper_ascii(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

std::string readable_date(base::time_point when) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(when));
  return fmt::format("{} {} {}", unsigned(date.day()), months[unsigned(date.month()) - 1], int(date.year()));
}

}  // namespace

std::string count_of(std::int64_t count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::string readable_time(base::time_point when) {
  const std::chrono::hh_mm_ss time(when - std::chrono::floor<std::chrono::days>(when));
  return fmt::format("{}, {:02}:{:02} UTC", readable_date(when), time.hours().count(),
                     time.minutes().count());
}

std::string time_ago(base::time_point when, base::time_point now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - when).count();
  if (seconds < 60) return "just now";
  if (seconds < 3600) return count_of(seconds / 60, "minute", "minutes") + " ago";
  if (seconds < 86'400) return count_of(seconds / 3600, "hour", "hours") + " ago";
  if (seconds < 2 * 86'400) return "yesterday";
  if (seconds < 30 * 86'400) return count_of(seconds / 86'400, "day", "days") + " ago";
  return readable_date(when);
}

std::string initials(std::string_view name) {
  const auto [first, last] = first_characters(name);
  return first.empty() ? "?" : upper_ascii(first) + upper_ascii(last);
}

std::string tone_of(std::string_view name) {
  std::uint32_t hash = 2166136261;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  return fmt::format("tone-{}", (hash >> 8) % 8);
}

std::string type_mark(std::string_view file_name) {
  const auto dot = file_name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return "FILE";
  const auto ending = file_name.substr(dot + 1);
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0;
  };
  if (ending.empty() || ending.size() > 4 || !std::ranges::all_of(ending, is_plain)) return "FILE";
  return upper_ascii(ending);
}

std::vector<text_piece> mark_matches(std::string_view text, const base::word_marker& matched) {
  std::vector<text_piece> pieces;
  std::size_t done = 0;
  const auto add = [&](std::size_t end, bool is_match) {
    if (end > done) pieces.push_back({std::string(text.substr(done, end - done)), is_match});
    done = end;
  };
  for (const auto& range : matched.find(text)) {
    add(range.begin, false);
    add(range.end, true);
  }
  add(text.size(), false);
  return pieces;
}

void fill_marked(view into, std::string_view section, std::string_view text,
                 const base::word_marker& matched) {
  for (const auto& piece : mark_matches(text, matched))
    into.add(section).set_and_show("TEXT", piece.text, piece.matched ? "MARK" : "PLAIN");
}

}  // namespace dossier::web
