#include "web/request_guard.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "base/expects.h"
#include "web/public_address.h"
#include "web/visitor.h"

namespace dossier::web {
namespace {

bool only_reads(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

}  // namespace

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

request_guard::request_guard(const web_settings& settings) : https_(settings.https) {
  for (const auto& each : settings.allowed_hosts) {
    if (auto where = parse_public_url(each)) {
      origins_.push_back(std::move(where->origin));
      hosts_.push_back(std::move(where->host));
    } else {
      names_.push_back(base::ascii_lower(each));
      hosts_.push_back(names_.back());
    }
  }
}

std::optional<problem> request_guard::refuse(const http::request& req, const router::match& asked) const {
  base::expects(asked.found == nullptr || asked.same_path != nullptr, "a route that was found has the path");
  if (auto refused = refuse_host(req, asked)) return refused;
  return refuse_other_site(req, asked);
}

std::optional<problem> request_guard::refuse_host(const http::request& req,
                                                  const router::match& asked) const {
  const bool any = asked.same_path != nullptr && asked.same_path->from == sent_from::any_host;
  if (any || is_our_host(req.host)) return std::nullopt;
  return problem{
      421,
      "Dossier does not answer under this host name. Use the address it printed when it started, or "
      "add the name to its allowed hosts."};
}

std::optional<problem> request_guard::refuse_other_site(const http::request& req,
                                                        const router::match& asked) const {
  const auto site = req.header("sec-fetch-site");
  const bool may =
      asked.found != nullptr ? asked.found->from != sent_from::our_pages : only_reads(req.method);
  if (may) {
    // A link opens a document of its own. A frame or an object is a navigation too, but inside a page.
    const auto mode = req.header("sec-fetch-mode").value_or("navigate");
    const auto shown_as = req.header("sec-fetch-dest").value_or("document");
    const bool loaded_by_another = site == "cross-site" && (mode != "navigate" || shown_as != "document") &&
                                   asked.found != nullptr && asked.found->from == sent_from::any_page;
    if (!loaded_by_another) return std::nullopt;
    return problem{403,
                   "Another web site asked for this inside one of its pages. Open Dossier itself instead."};
  }
  const auto origin = req.header("origin");
  // A token is sent by programs only, and takes the place of a cookie.
  const bool says_nothing =
      !site && !origin && find_bearer(req).empty() && !find_cookie(req, session_cookie(https_)).empty();
  const bool from_elsewhere =
      (site && *site != "same-origin" && *site != "none") || (origin && !is_our_origin(*origin, req));
  if (!from_elsewhere && !says_nothing) return std::nullopt;
  return problem{
      403,
      "This change was sent from another web site, so it was not made. Open Dossier itself and send it "
      "from there; programs should send neither Origin nor Sec-Fetch-Site."};
}

bool request_guard::is_our_host(std::string_view host) const {
  auto name = without_port(host);
  if (name == "localhost" || name == "[::1]" || is_loopback_v4(name)) return true;
  if (name.ends_with('.')) name.remove_suffix(1);
  return std::ranges::find(hosts_, name) != hosts_.end();
}

// A browser says in Origin where its page came from. A proxy in front of Dossier may send another Host than
// the one that people use, so the addresses that people use are accepted too: the public one, and the allowed
// names with the default port of their scheme or with the port in Host.
bool request_guard::is_our_origin(std::string_view origin, const http::request& req) const {
  const auto lower = base::ascii_lower(origin);
  if (std::ranges::find(origins_, lower) != origins_.end()) return true;
  std::string_view rest = lower;
  const std::string_view scheme = rest.starts_with("https://") ? "https" : "http";
  if (!rest.starts_with(scheme) || !rest.substr(scheme.size()).starts_with("://")) return false;
  const bool only_https = https_ || req.secure;
  if (only_https && scheme != "https") return false;
  rest.remove_prefix(scheme.size() + 3);
  const auto authority = without_default_port(rest, scheme);
  if (only_https == (scheme == "https") && authority == without_default_port(req.host, scheme)) return true;
  const auto name = without_port(authority);
  const auto port = authority.substr(name.size());
  return std::ranges::find(names_, name) != names_.end() &&
         (port.empty() || port == req.host.substr(without_port(req.host).size()));
}

}  // namespace dossier::web
