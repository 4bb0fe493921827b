#include "web/request_guard.h"

#include <algorithm>
#include <charconv>

namespace dossier::web {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return lower;
}

// 127.0.0.0/8, in dotted decimal as browsers send it.
bool is_loopback_v4(std::string_view host) {
  if (!host.starts_with("127.")) return false;
  int parts = 0;
  while (true) {
    const auto dot = host.find('.');
    const auto part = host.substr(0, dot);
    unsigned value = 256;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), value);
    if (read.ptr != part.data() + part.size() || part.empty() || part.size() > 3 || value > 255) return false;
    ++parts;
    if (dot == std::string_view::npos) return parts == 4;
    host.remove_prefix(dot + 1);
  }
}

bool changes_something(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

// An Origin header leaves out the scheme's own port, a Host header may name it.
std::string_view without_default_port(std::string_view authority, std::string_view scheme) {
  const std::string_view port = scheme == "https" ? ":443" : ":80";
  if (authority.ends_with(port)) authority.remove_suffix(port.size());
  return authority;
}

}  // namespace

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return end == std::string_view::npos ? host : host.substr(0, end + 1);
  }
  return host.substr(0, host.find(':'));
}

request_guard::request_guard(const web_settings& settings) : https_(settings.https) {
  for (const auto& host : settings.allowed_hosts) hosts_.push_back(lower_case(host));
}

std::optional<problem> request_guard::refuse(const http::request& req) const {
  if (!is_our_host(req.host)) {
    return problem{
        421,
        "Dossier does not answer under this host name. Use the address it printed when it started, or "
        "add the name to its allowed hosts."};
  }
  if (!changes_something(req.method)) return std::nullopt;
  const auto site = req.header("sec-fetch-site");
  const auto origin = req.header("origin");
  const bool from_elsewhere =
      (site && *site != "same-origin" && *site != "none") || (origin && !is_our_origin(*origin, req));
  if (!from_elsewhere) return std::nullopt;
  return problem{
      403,
      "This change was sent from another web site, so it was not made. Open Dossier itself and send it "
      "from there; programs should send neither Origin nor Sec-Fetch-Site."};
}

bool request_guard::is_our_host(std::string_view host) const {
  const auto name = without_port(host);
  return name == "localhost" || name == "[::1]" || is_loopback_v4(name) ||
         std::ranges::find(hosts_, name) != hosts_.end();
}

bool request_guard::is_our_origin(std::string_view origin, const http::request& req) const {
  const std::string_view scheme = https_ || req.secure ? "https" : "http";
  if (!origin.starts_with(scheme)) return false;
  origin.remove_prefix(scheme.size());
  if (!origin.starts_with("://")) return false;
  origin.remove_prefix(3);
  return without_default_port(lower_case(origin), scheme) == without_default_port(req.host, scheme);
}

}  // namespace dossier::web
