#include "web/response_headers.h"

#include <algorithm>

namespace dossier::web {
namespace {

// blob: is for previews of pictures that are about to be sent; frames and objects show PDF files.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "frame-src 'self'; object-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
constexpr std::string_view data_policy = "default-src 'none'; frame-ancestors 'none'";

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// Details of people stay out of shared caches and, unless they can be checked again by their ETag or are a
// page that "back" returns to, out of the browser's too.
std::string_view cache_policy(const http::response& answer, const http::request* req, bool page) {
  const bool read = req != nullptr && (req->method == "GET" || req->method == "HEAD");
  if (read && answer.status < 400 && (page || find_header(answer, "ETag"))) return "private, no-cache";
  return "no-store";
}

}  // namespace

std::optional<std::string_view> find_header(const http::response& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

void add_common_headers(http::response& answer, const http::request* req, const web_settings& settings) {
  answer.headers.reserve(answer.headers.size() + 10);
  const auto type = find_header(answer, "Content-Type").value_or("");
  const bool page = type.starts_with("text/html");
  const auto set_unless_there = [&](std::string_view name, std::string_view value) {
    if (!find_header(answer, name)) answer.set(std::string(name), std::string(value));
  };
  set_unless_there("Cache-Control", cache_policy(answer, req, page));
  set_unless_there("Content-Security-Policy", page ? page_policy : data_policy);
  set_unless_there("X-Content-Type-Options", "nosniff");
  // Not no-referrer: browsers then send "Origin: null" with our own forms, which the guard could not tell
  // from a foreign site's.
  set_unless_there("Referrer-Policy", "same-origin");
  set_unless_there("Cross-Origin-Resource-Policy", "same-origin");
  if (page) {  // these two say something about documents only
    set_unless_there("Cross-Origin-Opener-Policy", "same-origin");
    set_unless_there("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
  }
  if (settings.https) set_unless_there("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace dossier::web
