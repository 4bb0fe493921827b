// Who sends a request, and what they may do. One table says which role may use which kind of route; routes.cc
// says of which kind each route is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/accounts.h"
#include "http/message.h"

namespace dossier::web {

// Who may use a route.
enum class who {
  anyone,     // everybody who reaches the server
  submitter,  // who may submit: everybody while public intake is on
  viewer,     // who may read about people and their files
  editor,     // who may change and delete
  admin,      // who may manage accounts
  account,    // whoever is signed in, for what is their own
  operator_,  // programs on this machine, and admins
  founder,    // whoever has the set-up link: the handlers ask for it, and it works while there is no account
};

// "anyone", "submitter", …; for the printed table of routes.
std::string_view to_string(who kind);

// The sender of a request.
struct visitor {
  bool must_sign_in = false;  // there are accounts; otherwise everybody may do all
  bool in_set_up =
      false;  // there are none, and the first one is added with the set-up link: nothing else works
  std::optional<domain::signed_in> account = {};
  std::optional<domain::role> token_role = {};  // of the token with which a program signed in
  std::int64_t token_id = 0;                    // the token's
  bool lacks_second_factor = false;             // it is required, and the account has none
  bool on_this_machine = false;                 // the request came from this machine, and through no proxy
};

// The same, as the audit log names them.
domain::actor actor_of(const visitor& one, const http::request& req);

bool may_use(const visitor& one, who kind, bool public_intake);

// A form or a link for what the visitor may not do is not shown.
inline bool may_edit(const visitor& one) {
  return may_use(one, who::editor, false);
}

// The cookie with the secret of a session. Over TLS its name makes browsers keep it for this host alone.
std::string_view session_cookie(bool https);
// The value of a cookie in the request; empty if there is none of that name.
std::string_view find_cookie(const http::request& req, std::string_view name);
// A Set-Cookie header. `seconds` 0: the browser forgets it.
std::string set_cookie(std::string_view name, std::string_view value, std::int64_t seconds, bool https);

// The token in `Authorization: Bearer …`; empty if there is none.
std::string_view find_bearer(const http::request& req);

// Whether the address is that of this machine: 127.0.0.0/8, ::1, or the first in IPv6's form.
bool is_this_machine(std::string_view address);

}  // namespace dossier::web
