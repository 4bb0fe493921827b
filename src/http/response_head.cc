#include "http/response_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "base/expects.h"
#include "base/log.h"
#include "http/message.h"

namespace dossier::http {
namespace {

// Sorted by status.
constexpr auto phrases = std::to_array<std::pair<unsigned, std::string_view>>({
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
});
static_assert(std::ranges::is_sorted(phrases, {}, &std::pair<unsigned, std::string_view>::first));

}  // namespace

std::string_view reason_phrase(unsigned status) {
  const auto found =
      std::ranges::lower_bound(phrases, status, {}, &std::pair<unsigned, std::string_view>::first);
  return found != phrases.end() && found->first == status ? found->second : "Status";
}

namespace {

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

bool is_ours(std::string_view name) {
  static constexpr std::array<std::string_view, 6> ours{"connection", "content-length",    "date",
                                                        "keep-alive", "transfer-encoding", "x-request-id"};
  return std::ranges::any_of(ours, [&](std::string_view own) { return base::ascii_equal(own, name); });
}

bool is_safe_value(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    auto code = static_cast<unsigned char>(c);
    return (code >= 0x20 && code != 0x7f) || code == '\t';
  });
}

void append_framing(std::string& out, const head_facts& facts) {
  if (facts.body == framing::length) {
    out.append("Content-Length: ");
    append_number(out, facts.length);
    out.append("\r\n");
  } else if (facts.body == framing::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
  if (facts.close) {
    out.append("Connection: close\r\n");
  } else if (facts.confirm_keep_alive) {
    out.append("Connection: keep-alive\r\n");
  }
}

}  // namespace

void append_head(std::string& out, const response& answer, const head_facts& facts) {
  base::expects(answer.status >= 200 && answer.status < 600, "the status of an answer is a final one");
  base::expects(!facts.id.empty(), "an answer has the id of its request");
  base::expects(!facts.date.empty(), "an answer has a date");
  base::expects(facts.close ? !facts.confirm_keep_alive : facts.body != framing::close,
                "an answer says either that the connection stays or that it closes");
  out.append("HTTP/1.1 ");
  append_number(out, answer.status);
  out.append(" ").append(reason_phrase(answer.status)).append("\r\nDate: ").append(facts.date);
  out.append("\r\nX-Request-Id: ").append(facts.id).append("\r\n");
  for (const auto& [name, value] : answer.headers) {
    if (is_ours(name)) continue;
    if (!is_token(name) || !is_safe_value(value)) {
      base::log_error("response header refused", {{"header", is_token(name) ? name : "(not a token)"}});
      continue;
    }
    out.append(name).append(": ").append(value).append("\r\n");
  }
  append_framing(out, facts);
  out.append("\r\n");
}

const std::string* find_header(const response& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (base::ascii_equal(key, name)) return &value;
  }
  return nullptr;
}

}  // namespace dossier::http
