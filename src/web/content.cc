#include "web/content.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/characters.h"
#include "base/clock.h"
#include "base/expects.h"
#include "base/sha256.h"
#include "domain/media_type.h"
#include "http/conditional.h"
#include "http/url.h"
#include "web/problem.h"

namespace dossier::web {
namespace {

// Replaces each character that is not plain ASCII, or that means something inside quotes, by a _. Some
// clients decode %XX here too, so % is replaced as well.
std::string ascii_fallback(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continuation = (byte & 0xc0) == 0x80;
    if (continuation) continue;
    const bool harmless = byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\' && c != '%' && c != '/';
    plain += harmless ? c : '_';
  }
  return plain;
}

}  // namespace

std::string content_disposition(bool attachment, std::string_view file_name) {
  const auto name = base::plain_file_name(file_name);
  std::string header = attachment ? "attachment" : "inline";
  header += "; filename=\"" + ascii_fallback(name) + "\"; filename*=UTF-8''" + http::percent_encode(name);
  return header;
}

namespace {

// A file that is shown, alone or in a frame of a page, may load nothing and run nothing. The sandbox makes it
// an origin of its own. That is true for a PDF too: Chromium's viewer used to refuse sandboxed documents, but
// no longer does (seen with 156).
constexpr std::string_view content_policy =
    "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

// For HEAD, and for a file without bytes: the answer has the length, and nothing is fetched.
class no_bytes final : public base::byte_source {
 public:
  awaitable<base::result<base::byte_view>> next() override { co_return base::byte_view(); }
};

std::string content_type(const domain::file& which) {
  return which.media_type == "text/plain" ? "text/plain; charset=utf-8" : which.media_type;
}

void set_validators(http::response& answer, const domain::file& which, std::string etag) {
  answer.set("ETag", std::move(etag));
  answer.set("Last-Modified", base::to_http_date(which.created_at));
  // The bytes under an id never change, but they can be deleted: a cache must ask every time.
  answer.set("Cache-Control", "private, no-cache");
  answer.set("Accept-Ranges", "bytes");
}

void set_content_headers(http::response& answer, const domain::file& which, bool attachment) {
  answer.set("Content-Type", content_type(which));
  answer.set("Content-Disposition", content_disposition(attachment, which.name));
  answer.set("Content-Security-Policy", std::string(content_policy));
}

awaitable<base::result<void>> attach_bytes(const http::request& req, const context& ctx,
                                           const domain::file& which, const http::content_plan& plan,
                                           http::response& answer) {
  answer.stream_length = plan.length;
  if (req.method == "HEAD" || plan.length == 0) {
    answer.body = std::make_unique<no_bytes>();
    co_return base::result<void>();
  }
  auto bytes = co_await ctx.people.open(which, plan.offset, plan.length);
  if (!bytes) co_return base::pass(bytes);
  base::expects(*bytes != nullptr, "an object that was opened can be read");
  answer.body = std::move(*bytes);
  co_return base::result<void>();
}

// Conditions are about Dossier's ETag; the object store has another one.
bool has_conditions(const http::request& req) {
  return std::ranges::any_of(
      std::array{"if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"},
      [&](const char* name) { return req.header(name).has_value(); });
}

// A link to the bytes, if the object store gives out links. Only for downloads: a file that is shown inline
// is sent by Dossier, because its headers keep the file from running anything, and its pages show no pictures
// from elsewhere.
awaitable<base::result<std::optional<std::string>>> link_to_object(const http::request& req,
                                                                   const context& ctx,
                                                                   const domain::file& which) {
  if (req.method != "GET" || has_conditions(req)) co_return std::nullopt;
  co_return co_await ctx.people.link(which, {.content_type = content_type(which),
                                             .content_disposition = content_disposition(true, which.name)});
}

http::response redirect_to_bytes(std::string url) {
  http::response answer;
  answer.status = 307;
  answer.set("Location", std::move(url));
  // The link expires soon; a client that asks again gets another one.
  answer.set("Cache-Control", "no-store");
  return answer;
}

http::response refuse_plan(const http::request& req, const domain::file& which,
                           const http::content_plan& plan) {
  if (plan.what == http::content_plan::kind::precondition_failed) {
    return error_response(req, problem{412, "The file is not the one that was asked for."});
  }
  auto answer = error_response(req, problem{416, "The file does not have the part that was asked for."});
  answer.set("Content-Range", http::content_range(plan, which.size));
  return answer;
}

}  // namespace

awaitable<http::response> deliver_content(http::request& req, const context& ctx, domain::file which,
                                          bool download) {
  using kind = http::content_plan::kind;
  auto etag = '"' + base::to_hex(which.digest) + '"';
  const auto plan = http::plan_content(req, etag, which.created_at, which.size);
  if (plan.what == kind::precondition_failed || plan.what == kind::unsatisfiable) {
    co_return refuse_plan(req, which, plan);
  }
  base::expects(plan.offset <= which.size && plan.length <= which.size - plan.offset,
                "what is sent lies within the file");
  const bool attachment = download || !domain::is_safe_inline(which.media_type);
  if (attachment) {
    auto url = co_await link_to_object(req, ctx, which);
    if (!url) co_return error_response(req, url.error());
    if (*url) co_return redirect_to_bytes(std::move(**url));
  }
  http::response answer;
  set_validators(answer, which, std::move(etag));
  // A 304 has them too: a cache replaces the headers that it keeps with those of the 304.
  set_content_headers(answer, which, attachment);
  if (plan.what == kind::not_modified) {
    answer.status = 304;
    co_return answer;
  }
  if (plan.what == kind::partial) {
    answer.status = 206;
    answer.set("Content-Range", http::content_range(plan, which.size));
  }
  auto attached = co_await attach_bytes(req, ctx, which, plan, answer);
  if (!attached) co_return error_response(req, attached.error());
  co_return answer;
}

}  // namespace dossier::web
