#include "aws/request.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"

namespace dossier::aws {
namespace {

constexpr bool is_unreserved(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.' || letter == '~';
}

std::uint16_t usual_port(std::string_view scheme) {
  return scheme == "https" ? 443 : 80;
}

// Removes the port from "host:1" or "[::1]:1" and returns it. 0 when there is none; empty when it is wrong.
std::optional<std::uint16_t> take_port(std::string_view& place) {
  const auto colon = place.rfind(':');
  const auto bracket = place.rfind(']');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) return 0;
  const auto digits = place.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (problem != std::errc{} || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  place = place.substr(0, colon);
  return port;
}

bool is_host(std::string_view host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const auto inner = bracketed ? host.substr(1, host.size() - 2) : host;
  return !inner.empty() && std::ranges::all_of(inner, [&](char letter) {
    return is_unreserved(letter) || (bracketed && letter == ':');
  });
}

}  // namespace

std::string authority(const endpoint& where) {
  if (where.port == 0 || where.port == usual_port(where.scheme)) return where.host;
  return where.host + ':' + std::to_string(where.port);
}

std::optional<endpoint> parse_endpoint(std::string_view url, std::string region) {
  endpoint found{.region = std::move(region), .custom = true};
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  found.scheme = base::ascii_lower(url.substr(0, scheme));
  if (found.scheme != "http" && found.scheme != "https") return std::nullopt;
  url.remove_prefix(scheme + 3);
  auto place = url.substr(0, url.find('/'));
  auto path = url.substr(place.size());
  while (path.ends_with('/')) path.remove_suffix(1);
  const bool plain = std::ranges::all_of(
      path, [](char letter) { return is_unreserved(letter) || letter == '/' || letter == '%'; });
  const auto port = take_port(place);
  if (!port || !is_host(place) || !plain) return std::nullopt;
  found.host = base::ascii_lower(place);
  found.port = *port;
  found.path = path;
  return found;
}

std::string uri_encode(std::string_view text, bool keep_slashes) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char letter : text) {
    if (is_unreserved(letter) || (keep_slashes && letter == '/')) {
      encoded += letter;
    } else {
      const auto byte = static_cast<unsigned char>(letter);
      encoded += '%';
      encoded += digits[byte >> 4];
      encoded += digits[byte & 15];
    }
  }
  return encoded;
}

std::string encode_path(std::string_view path) {
  return uri_encode(path, true);
}

std::string encode_query(const std::vector<query_item>& query) {
  std::vector<std::pair<std::string, std::string>> encoded;
  encoded.reserve(query.size());
  for (const auto& each : query) encoded.emplace_back(uri_encode(each.name), uri_encode(each.value));
  std::ranges::sort(encoded);
  std::string text;
  for (const auto& [name, value] : encoded) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(value);
  }
  return text;
}

}  // namespace dossier::aws
