#include "http/url.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/text.h"
#include "http/message.h"

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

namespace {

// An encoded slash is refused, because a proxy that routes by the encoded path does not see a separator
// there.
bool decode_path(std::string_view text, std::string& out) {
  out.clear();
  bool ascii = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return false;
      int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return false;
      c = static_cast<char>(high * 16 + low);
      if (c == '/' || c == '\\') return false;
      i += 2;
    }
    auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7f) return false;
    if (code >= 0x80) ascii = false;
    out.push_back(c);
  }
  return ascii || (base::is_valid_utf8(out) && !base::has_control_characters(out));
}

bool has_dot_segment(std::string_view path) {
  if (path.find("/.") == std::string_view::npos) return false;
  for (std::size_t at = 0; at < path.size();) {
    std::size_t end = std::min(path.find('/', at), path.size());
    std::string_view segment = path.substr(at, end - at);
    if (segment == "." || segment == "..") return true;
    at = end + 1;
  }
  return false;
}

// Visible ASCII, or unescaped UTF-8. A URI must not contain that, but people and programs send it instead of
// its escapes.
bool is_visible(std::string_view text) {
  bool ascii = true;
  for (char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code <= 0x20 || code == 0x7f) return false;
    if (code >= 0x80) ascii = false;
  }
  return ascii || (base::is_valid_utf8(text) && !base::has_control_characters(text));
}

// Removes "http://host" or "https://host" from the front. False when the scheme is another or the host is not
// valid.
bool take_authority(std::string_view& target, std::optional<std::string_view>& host) {
  std::size_t colon = target.find("://");
  if (colon == std::string_view::npos) return false;
  std::string_view scheme = target.substr(0, colon);
  if (!base::ascii_equal(scheme, "http") && !base::ascii_equal(scheme, "https")) return false;
  target.remove_prefix(colon + 3);
  std::size_t end = std::min(target.find_first_of("/?#"), target.size());
  host = target.substr(0, end);
  target.remove_prefix(end);
  return is_valid_host(*host);
}

}  // namespace

bool parse_target(std::string_view target, std::string_view method, split_target& out) {
  out.query = {};
  out.host.reset();
  if (target.empty() || !is_visible(target) || target.find('#') != std::string_view::npos) return false;
  if (target == "*") {
    out.path = "*";
    return method == "OPTIONS";
  }
  if (target.front() != '/') {
    if (!take_authority(target, out.host)) return false;
    if (target.empty() || target.front() == '?') {
      out.path = "/";
      out.query = target.empty() ? target : target.substr(1);
      return true;
    }
  }
  std::size_t mark = target.find('?');
  if (mark != std::string_view::npos) {
    out.query = target.substr(mark + 1);
    target = target.substr(0, mark);
  }
  return decode_path(target, out.path) && !has_dot_segment(out.path);
}

bool is_valid_host(std::string_view host) {
  if (host.empty() || host.size() > 260) return false;
  auto alphanumeric = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  std::size_t name_end = 0;
  if (host.front() == '[') {
    std::size_t close = host.find(']');
    if (close == std::string_view::npos || close < 3) return false;
    auto inside = host.substr(1, close - 1);
    if (!std::ranges::all_of(inside, [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; }))
      return false;
    name_end = close + 1;
  } else {
    name_end = std::min(host.find(':'), host.size());
    auto name = host.substr(0, name_end);
    if (name.empty()) return false;
    if (!std::ranges::all_of(name,
                             [&](char c) { return alphanumeric(c) || c == '.' || c == '-' || c == '_'; })) {
      return false;
    }
  }
  auto port = host.substr(name_end);
  if (port.empty()) return true;
  if (port.front() != ':') return false;
  port.remove_prefix(1);
  auto number = parse_decimal(port);
  return number && port.size() <= 5 && *number <= 65535;
}

}  // namespace dossier::http
