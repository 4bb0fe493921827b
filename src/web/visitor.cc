#include "web/visitor.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/ascii.h"
#include "base/expects.h"

namespace dossier::web {
namespace {

using domain::role;

// Which role may use which kind of route.
bool role_may(role one, who kind) {
  switch (kind) {
    case who::anyone:
    case who::account:
    case who::founder:
      return true;
    case who::submitter:
      return one == role::intake || one == role::editor || one == role::admin;
    case who::viewer:
      return one == role::viewer || one == role::editor || one == role::admin;
    case who::editor:
      return one == role::editor || one == role::admin;
    case who::admin:
    case who::operator_:
      return one == role::admin;
  }
  base::not_reached();
}

}  // namespace

std::string_view to_string(who kind) {
  switch (kind) {
    case who::anyone:
      return "anyone";
    case who::submitter:
      return "submitter";
    case who::viewer:
      return "viewer";
    case who::editor:
      return "editor";
    case who::admin:
      return "admin";
    case who::account:
      return "account";
    case who::operator_:
      return "operator";
    case who::founder:
      return "founder";
  }
  base::not_reached();
}

domain::actor actor_of(const visitor& one, const http::request& req) {
  domain::actor by{.via = domain::actor::kind::visitor, .token = one.token_id, .address = req.remote};
  if (one.account) {
    by.account = one.account->account.id;
    by.session = one.account->session.id;
  }
  return by;
}

bool may_use(const visitor& one, who kind, bool public_intake) {
  if (kind == who::founder) return true;
  if (one.in_set_up) return kind == who::operator_ && one.on_this_machine;
  if (kind == who::anyone) return true;
  if (kind == who::operator_ && one.on_this_machine) return true;
  if (!one.must_sign_in) return true;
  if (kind == who::submitter && public_intake) return true;
  if (!one.account || !role_may(one.account->account.role, kind)) return false;
  if (one.lacks_second_factor && kind != who::account) return false;
  // A token is for people's data; the account itself is managed by who knows its password.
  return !one.token_role || (role_may(*one.token_role, kind) && kind != who::account && kind != who::admin);
}

std::string_view session_cookie(bool https) {
  return https ? "__Host-dossier" : "dossier";
}

std::string_view find_cookie(const http::request& req, std::string_view name) {
  auto rest = req.header("cookie").value_or("");
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    const auto pair = base::trim_blanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return {};
}

std::string_view find_bearer(const http::request& req) {
  constexpr std::string_view scheme = "bearer ";
  const auto given = req.header("authorization").value_or("");
  if (given.size() <= scheme.size() || !base::ascii_equal(given.substr(0, scheme.size()), scheme)) return {};
  return base::trim_blanks(given.substr(scheme.size()));
}

std::string set_cookie(std::string_view name, std::string_view value, std::int64_t seconds, bool https) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", name, value, seconds,
                     https ? "; Secure" : "");
}

bool is_this_machine(std::string_view address) {
  if (address == "::1") return true;
  if (address.starts_with("::ffff:")) address.remove_prefix(7);
  return address.starts_with("127.");
}

}  // namespace dossier::web
