#include "http/response_head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/log.h"
#include "http/field_rules.h"
#include "http/reason_phrase.h"

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

}  // namespace dossier::http
