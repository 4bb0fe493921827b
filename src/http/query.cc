#include "http/query.h"

#include <algorithm>

namespace dossier::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      int high = hex_value(text[i + 1]);
      int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    out.push_back(c);
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else {
      auto code = static_cast<unsigned char>(c);
      out.append({'%', digits[code >> 4], digits[code & 15]});
    }
  }
  return out;
}

base::result<std::vector<name_value>> parse_form(std::string_view text, std::size_t limit) {
  std::vector<name_value> pairs;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('&'), text.size());
    std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) {
      return base::fail(base::error_code::malformed,
                        "A percent sign is not followed by two hexadecimal digits.");
    }
    if (pairs.size() == limit) return base::fail(base::error_code::malformed, "There are too many fields.");
    pairs.push_back({std::move(*name), std::move(*value)});
  }
  return pairs;
}

std::optional<std::string_view> find(const std::vector<name_value>& pairs, std::string_view name) {
  auto found = std::ranges::find(pairs, name, &name_value::name);
  if (found == pairs.end()) return std::nullopt;
  return found->value;
}

}  // namespace dossier::http
