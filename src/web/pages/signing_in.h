// What the pages for signing in, links, set-up and accounts share: who the client is, the cookies, and where
// to go afterwards.
#pragma once

#include <string>
#include <string_view>

#include "domain/sign_in.h"
#include "http/message.h"
#include "web/context.h"

namespace dossier::web {

domain::sign_in::client client_of(http::request& req);

// The answer, with the cookie of a session that has begun.
http::response with_session(const context& ctx, http::response answer, std::string_view secret);

// The answer to a right password: to the page `there`, or first to the one that asks for the second factor.
http::response signed_in_answer(const context& ctx, const domain::sign_in::begun& began, std::string there);

// The name of the cookie of a sign-in that waits for the second factor.
inline constexpr std::string_view pending_name = "pending";

// Where to go after signing in: only to a page of this site.
std::string place_after(std::string_view next);

// Where the person who gets a link reaches this site.
std::string site_of(const context& ctx, const http::request& req);

// The secret of a link must not stand in the address of a page, where it would be shown and noted. So it goes
// into a cookie of this name, and the browser to the page `there`.
http::response keep_secret(const context& ctx, std::string_view name, std::string_view secret,
                           std::string there);
std::string kept_secret(const context& ctx, const http::request& req, std::string_view name);
void forget_secret(const context& ctx, http::response& answer, std::string_view name);

}  // namespace dossier::web
