#include "app/address_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "app/setting_kinds.h"
#include "http/client_address.h"
#include "web/public_address.h"

namespace dossier::app {

using base::error_code;

base::result<listen_address> parse_listen_address(std::string_view text) {
  const auto wrong = [&] {
    return base::fail(error_code::invalid,
                      fmt::format("\"{}\" is not HOST:PORT; write it as 127.0.0.1:8080 or [::1]:8080", text));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  const auto port = parse_count(text.substr(colon + 1));
  if (!port || *port > 65535) return wrong();

  auto host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of("[]:") != std::string_view::npos) {
    return wrong();
  }
  if (host.empty()) return wrong();
  return listen_address{std::string(host), static_cast<std::uint16_t>(*port)};
}

std::string show(const listen_address& where) {
  const bool v6 = where.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", where.host, where.port) : fmt::format("{}:{}", where.host, where.port);
}

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  boost::system::error_code problem;
  const auto address = boost::asio::ip::make_address(host, problem);
  if (problem) return false;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).is_loopback();
  }
  return address.is_loopback();
}

base::error needs_accounts(const listen_address& where) {
  base::expects(!is_loopback(where.host), "on this machine nobody has to sign in");
  return {error_code::invalid,
          fmt::format(
              "Dossier does not listen on {}: there are no accounts yet, so everyone who can reach that\n"
              "address could read, change and delete every record. Add the first account, with\n"
              "  dossier user add NAME --role admin\n"
              "and start again: from then on everybody has to sign in. Or start with a set-up link, which\n"
              "adds the first account from elsewhere,\n"
              "  dossier serve --listen {} --print-set-up-link\n"
              "Or listen on this machine only,\n"
              "  dossier serve --listen 127.0.0.1:{}\n"
              "and reach it from another machine through an SSH tunnel:\n"
              "  ssh -L {}:127.0.0.1:{} USER@THIS_MACHINE",
              show(where), show(where), where.port, where.port, where.port)};
}

using kinds::list, kinds::text;

// Parses the value only to say what is wrong with it; serve() parses it again.
setting listen_setting() {
  setting row =
      text({"listen", "HOST:PORT", "Where to listen; only on this machine as long as there are no accounts"},
           [](auto& s) -> auto& { return s.listen; });
  row.assign = [](settings& to, std::string_view given) -> base::result<void> {
    auto where = parse_listen_address(given);
    if (!where) return base::pass(where);
    to.listen = std::string(given);
    return {};
  };
  return row;
}

// Each entry is a host as in a Host header, or a whole address; what no browser would ever send is refused.
setting allowed_hosts_setting() {
  setting row =
      list({"allowed_hosts", "", "Hosts by which browsers reach Dossier, besides localhost; without ports"},
           [](auto& s) -> auto& { return s.web.allowed_hosts; });
  row.assign = [](settings& to, std::string_view given) -> base::result<void> {
    std::vector<std::string> hosts;
    for (const auto& each : parse_list(given)) {
      auto host = web::parse_allowed_host(each);
      if (!host && !web::parse_public_url(each)) return base::pass(host);
      hosts.push_back(host ? *host : each);
    }
    to.web.allowed_hosts = std::move(hosts);
    return {};
  };
  return row;
}

setting public_url_setting() {
  setting row = text({"public_url", "URL",
                      "The address that people type, if it is that of a proxy: https://dossier.example.org"},
                     [](auto& s) -> auto& { return s.public_url; });
  row.assign = [](settings& to, std::string_view given) -> base::result<void> {
    if (!given.empty()) {
      auto where = web::parse_public_url(given);
      if (!where) return base::pass(where);
    }
    to.public_url = std::string(given);
    return {};
  };
  return row;
}

setting proxies_setting() {
  setting row = list({"proxies", "",
                      "Addresses or networks of the proxies in front of Dossier, and of nothing else: their "
                      "X-Forwarded-For names the client"},
                     [](auto& s) -> auto& { return s.proxies; });
  row.assign = [](settings& to, std::string_view given) -> base::result<void> {
    auto networks = parse_list(given);
    for (const auto& each : networks) {
      if (auto network = http::parse_network(each); !network) return base::pass(network);
    }
    to.proxies = std::move(networks);
    return {};
  };
  return row;
}

setting operations_listen_setting() {
  setting row =
      text({"operations.listen", "HOST:PORT",
            "Where /metrics and /healthz are, for everybody who reaches it. Empty: with all the rest, "
            "for this machine and admins"},
           [](auto& s) -> auto& { return s.operations_listen; });
  row.assign = [](settings& to, std::string_view given) -> base::result<void> {
    if (!given.empty()) {
      auto where = parse_listen_address(given);
      if (!where) return base::pass(where);
    }
    to.operations_listen = std::string(given);
    return {};
  };
  return row;
}

namespace {

using base::error_code;
using base::result;

constexpr std::string_view records_forms = "sqlite:FILE or mysql://USER@HOST:PORT/DATABASE";
constexpr std::string_view objects_forms = "folder:DIR or s3://BUCKET/PREFIX";
constexpr std::string_view catalog_forms = "sqlite:FILE or dynamodb://TABLE";
constexpr std::uint16_t mysql_port = 3306;

// What was given is not repeated: it may hold a password.
std::unexpected<base::error> not_one_of(std::string_view forms) {
  return base::fail(error_code::invalid, fmt::format("it is not {}", forms));
}

std::unexpected<base::error> wrong(std::string sentence) {
  return base::fail(error_code::invalid, std::move(sentence));
}

// What follows the scheme, when it is this one.
std::optional<std::string_view> after(std::string_view scheme, std::string_view url) {
  if (!url.starts_with(scheme)) return std::nullopt;
  return url.substr(scheme.size());
}

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// MySQL's limits on names, without the characters that it takes only in quotes.
bool is_mysql_name(std::string_view name, std::size_t longest) {
  return !name.empty() && name.size() <= longest &&
         std::ranges::all_of(name, [](char c) { return is_name_character(c) || c == '.' || c == '$'; });
}

// S3's rules for buckets.
bool is_bucket(std::string_view name) {
  return name.size() >= 3 && name.size() <= 63 && is_lower_or_digit(name.front()) &&
         is_lower_or_digit(name.back()) && !name.contains("..") &&
         std::ranges::all_of(name, [](char c) { return is_lower_or_digit(c) || c == '-' || c == '.'; });
}

// Characters that S3 calls safe, so that a key looks the same in every tool. The limit leaves room for the
// keys of Dossier.
bool is_prefix(std::string_view prefix) {
  return prefix.size() <= 512 && !prefix.starts_with('/') && !prefix.contains("//") &&
         std::ranges::all_of(prefix, [](char c) { return is_name_character(c) || c == '.' || c == '/'; });
}

// DynamoDB's rules for tables.
bool is_table(std::string_view name) {
  return name.size() >= 3 && name.size() <= 255 &&
         std::ranges::all_of(name, [](char c) { return is_name_character(c) || c == '.'; });
}

result<std::filesystem::path> path_of(std::string_view text, std::string_view forms) {
  if (text.empty() || has_control(text) || text.starts_with("//")) return not_one_of(forms);
  return std::filesystem::path(text);
}

result<stores::records_location> parse_mysql(std::string_view rest) {
  const auto slash = rest.find('/');
  const auto authority = rest.substr(0, slash);
  const auto at = authority.rfind('@');
  if (slash == std::string_view::npos || at == std::string_view::npos) return not_one_of(records_forms);

  const auto user = authority.substr(0, at);
  if (user.contains(':') || user.contains('@')) {
    return wrong("a password is not part of the URL; give it as records_password");
  }
  stores::mysql_location where;
  where.user = user;
  where.database = rest.substr(slash + 1);
  if (!is_mysql_name(where.user, 32)) return wrong("the user's name is 1 to 32 letters, digits, _ - . or $");
  if (!is_mysql_name(where.database, 64)) {
    return wrong("the database's name is 1 to 64 letters, digits, _ - . or $");
  }
  if (const auto host = authority.substr(at + 1); !host.empty()) {
    auto named = parse_host(host, mysql_port);
    if (!named) return base::pass(named);
    where.host = std::move(named->host);
    where.port = named->port;
  }
  return where;
}

result<stores::objects_location> parse_s3(std::string_view rest) {
  const auto slash = rest.find('/');
  stores::s3_location where;
  where.bucket = rest.substr(0, slash);
  if (!is_bucket(where.bucket)) {
    return wrong("a bucket's name is 3 to 63 lower-case letters, digits, dots and hyphens");
  }
  if (slash != std::string_view::npos) where.prefix = rest.substr(slash + 1);
  if (!is_prefix(where.prefix)) {
    return wrong("a prefix is at most 512 letters, digits, _ - . and single slashes, the first no slash");
  }
  if (!where.prefix.empty() && !where.prefix.ends_with('/')) where.prefix += '/';
  return where;
}

}  // namespace

result<stores::records_location> parse_records_url(std::string_view url) {
  if (const auto rest = after("mysql://", url)) return parse_mysql(*rest);
  if (const auto rest = after("sqlite:", url)) {
    auto file = path_of(*rest, records_forms);
    if (!file) return base::pass(file);
    return stores::sqlite_location{std::move(*file)};
  }
  return not_one_of(records_forms);
}

result<stores::objects_location> parse_objects_url(std::string_view url) {
  if (const auto rest = after("s3://", url)) return parse_s3(*rest);
  if (const auto rest = after("folder:", url)) {
    auto folder = path_of(*rest, objects_forms);
    if (!folder) return base::pass(folder);
    return stores::folder_location{std::move(*folder)};
  }
  return not_one_of(objects_forms);
}

result<stores::catalog_location> parse_catalog_url(std::string_view url) {
  if (const auto rest = after("dynamodb://", url)) {
    if (!is_table(*rest)) return wrong("a table's name is 3 to 255 letters, digits, _ - and dots");
    return stores::dynamodb_location{std::string(*rest)};
  }
  if (const auto rest = after("sqlite:", url)) {
    auto file = path_of(*rest, catalog_forms);
    if (!file) return base::pass(file);
    return stores::sqlite_location{std::move(*file)};
  }
  return not_one_of(catalog_forms);
}

result<host_and_port> parse_host(std::string_view text, std::uint16_t usual_port) {
  constexpr std::string_view how = "a host is NAME, NAME:PORT, ADDRESS:PORT or [ADDRESS]:PORT";
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return wrong(std::string(how));
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':') return wrong(std::string(how));
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  const bool v6 = text.starts_with('[');
  const bool plain = std::ranges::all_of(
      host, [v6](char c) { return is_name_character(c) || c == '.' || (v6 && (c == ':' || c == '%')); });
  if (host.empty() || host.size() > 255 || !plain) return wrong(std::string(how));
  if (port.empty()) return host_and_port{std::string(host), usual_port};
  const auto number = parse_count(port.substr(1));
  if (!number || *number == 0 || *number > 65535) return wrong(std::string(how));
  return host_and_port{std::string(host), static_cast<std::uint16_t>(*number)};
}

}  // namespace dossier::app
