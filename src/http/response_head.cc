#include "http/response_head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/log.h"
#include "http/field_rules.h"

namespace dossier::http {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

bool is_ours(std::string_view name) {
  static constexpr std::array<std::string_view, 6> ours{"connection", "content-length",    "date",
                                                        "keep-alive", "transfer-encoding", "x-request-id"};
  return std::ranges::any_of(ours, [&](std::string_view own) { return same_ignoring_case(own, name); });
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
    if (same_ignoring_case(key, name)) return &value;
  }
  return nullptr;
}

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return "Status";
  }
}

}  // namespace dossier::http
