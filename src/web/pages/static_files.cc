#include "web/pages/static_files.h"

#include <array>
#include <span>
#include <utility>

#include "base/embedded_file.h"
#include "base/expects.h"
#include "base/sha256.h"
#include "web/problem.h"
#include "web/routes.h"

namespace dossier::embedded {
std::span<const base::embedded_file> page_static();
}

namespace dossier::web {
namespace {

std::string digest_of_all() {
  base::sha256 hash;
  for (const auto& file : embedded::page_static()) {
    hash.update(file.path);
    hash.update(file.bytes);
  }
  return base::to_hex(hash.finish()).substr(0, 16);
}

// A page that was loaded before an upgrade may ask for files of the old digest. It gets today's files, but
// the browser is told not to keep them.
http::response static_file(const http::request& req, std::string_view digest, std::string_view name) {
  for (const auto& file : embedded::page_static()) {
    if (file.path != name) continue;
    http::response answer;
    const bool current = static_prefix() == "/static/" + std::string(digest);
    answer.set("Content-Type", std::string(static_media_type(name)));
    answer.set("Cache-Control", current ? "public, max-age=31536000, immutable" : "no-cache");
    answer.body = file.bytes;
    return answer;
  }
  return error_response(req, {.status = 404, .detail = "There is no such file."});
}

}  // namespace

const std::string& static_prefix() {
  static const std::string prefix = "/static/" + digest_of_all();
  return prefix;
}

std::string_view static_media_type(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> types{{
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
  }};
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending)) return type;
  return "application/octet-stream";
}

awaitable<http::response> pages::serve_static(const context&, routed_request in) {
  base::expects(in.captures.size() == 2, "the route has a digest and a name");
  co_return static_file(in.http, in.captures.at(0), in.captures.at(1));
}

awaitable<http::response> pages::redirect_favicon(const context&, routed_request) {
  http::response answer;
  answer.status = 302;
  answer.set("Location", static_prefix() + "/favicon.svg");
  answer.set("Cache-Control", "no-cache");
  co_return answer;
}

}  // namespace dossier::web
