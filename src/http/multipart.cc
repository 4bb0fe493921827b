#include "http/multipart.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/byte_source.h"
#include "base/expects.h"
#include "http/message.h"
#include "http/part_headers.h"

namespace dossier::http {
namespace {

using base::byte_view;
using base::error_code;
using base::fail;

std::string_view as_text(byte_view bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
byte_view as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

bool is_boundary_character(char c) {
  constexpr std::string_view others = "'()+_,-./:=? ";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         others.find(c) != std::string_view::npos;
}

std::unexpected<base::error> malformed() {
  return fail(error_code::malformed, "The form is malformed.");
}

}  // namespace

std::optional<std::string> boundary_of(std::string_view content_type) {
  auto parsed = parse_header_parameters(content_type);
  if (!parsed || parsed->word != "multipart/form-data") return std::nullopt;
  const std::string* boundary = parsed->find("boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70 || boundary->back() == ' ') return std::nullopt;
  if (!std::ranges::all_of(*boundary, is_boundary_character)) return std::nullopt;
  return *boundary;
}

// Parts are separated by a delimiter: CR LF, two hyphens, the boundary. A boundary has no CR, so a match can
// only begin at a CR. So bytes that are held back because they may begin a delimiter always equal the
// delimiter's first bytes. It is enough to count them, and when they turn out to be content they are returned
// from `delimiter`. Content is never copied.
struct multipart_reader::state final : base::byte_source, base::waiting_source {
  enum class place { content, after_delimiter, end, failed };

  state(base::byte_source& source, std::string_view boundary, multipart_limits most)
      : body(source), delimiter("\r\n--" + std::string(boundary)), limits(most) {
    base::expects(!boundary.empty() && boundary.size() <= 70, "a boundary has 1 to 70 characters");
  }

  awaitable<base::result<byte_view>> next() override;
  bool ready() const override { return where != place::content || !left.empty() || base::is_ready(body); }
  awaitable<base::result<bool>> refill();
  awaitable<base::result<char>> next_char();
  awaitable<base::result<void>> skip_content();
  awaitable<base::result<bool>> finish_delimiter();
  awaitable<base::result<void>> finish_form();
  awaitable<base::result<std::string>> read_headers();
  std::size_t held_back(std::string_view text) const;

  base::byte_source& body;
  std::string delimiter;
  multipart_limits limits;
  std::string_view left;     // the rest of the body's current bytes
  std::size_t matched = 2;   // how many bytes of the delimiter were read last
  std::size_t borrowed = 2;  // how many of these are not content: the line end before the form or the part
  place where = place::content;  // at first, the text before the first boundary
  bool preamble = true;
  int parts = 0;
};

// Gets more bytes into `left` when it is empty; false at the end of the body.
awaitable<base::result<bool>> multipart_reader::state::refill() {
  if (!left.empty()) co_return true;
  auto bytes = co_await body.next();
  if (!bytes) {
    where = place::failed;
    co_return base::pass(bytes);
  }
  left = as_text(*bytes);
  co_return !left.empty();
}

// How many bytes at the end of the text may begin a delimiter.
std::size_t multipart_reader::state::held_back(std::string_view text) const {
  std::size_t window = std::min(text.size(), delimiter.size() - 1);
  const void* found = ::memrchr(text.data() + text.size() - window, '\r', window);
  if (found == nullptr) return 0;
  auto tail = text.substr(static_cast<std::size_t>(static_cast<const char*>(found) - text.data()));
  return delimiter.starts_with(tail) ? tail.size() : 0;
}

awaitable<base::result<byte_view>> multipart_reader::state::next() {
  base::expects(borrowed <= matched, "what is not content was read");
  while (where == place::content) {
    auto more = co_await refill();
    if (!more) co_return base::pass(more);
    if (!*more) {
      where = place::failed;
      co_return fail(error_code::malformed, "The form ends in the middle of a part.");
    }
    if (matched > 0) {
      std::size_t count = std::min(left.size(), delimiter.size() - matched);
      if (left.substr(0, count) == std::string_view(delimiter).substr(matched, count)) {
        matched += count;
        left.remove_prefix(count);
        if (matched == delimiter.size()) where = place::after_delimiter;
        continue;
      }
      auto content = std::string_view(delimiter).substr(0, std::exchange(matched, 0));
      content.remove_prefix(std::exchange(borrowed, 0));
      if (content.empty()) continue;
      co_return as_bytes(content);
    }
    const void* found = ::memmem(left.data(), left.size(), delimiter.data(), delimiter.size());
    std::size_t length = left.size();
    if (found != nullptr) {
      length = static_cast<std::size_t>(static_cast<const char*>(found) - left.data());
      matched = delimiter.size();
      where = place::after_delimiter;
    } else {
      matched = held_back(left);
      length -= matched;
    }
    base::expects(length + matched <= left.size(), "a delimiter lies within what was read");
    std::string_view content = left.substr(0, length);
    left.remove_prefix(length + matched);
    if (!content.empty()) co_return as_bytes(content);
  }
  if (where == place::failed) co_return malformed();
  co_return byte_view{};
}

awaitable<base::result<char>> multipart_reader::state::next_char() {
  auto more = co_await refill();
  if (!more) co_return base::pass(more);
  if (!*more) co_return fail(error_code::malformed, "The form ends in the middle of a part.");
  char c = left.front();
  left.remove_prefix(1);
  co_return c;
}

awaitable<base::result<void>> multipart_reader::state::skip_content() {
  for (;;) {
    auto bytes = co_await next();
    if (!bytes) co_return base::pass(bytes);
    if (bytes->empty()) co_return base::result<void>{};
    if (!preamble) continue;
    // A boundary in the middle of a line does not count, and the part after it would be skipped without an
    // error.
    where = place::failed;
    co_return fail(error_code::malformed, "The form does not begin with its boundary.");
  }
}

// Reads what follows the last boundary, to the end of the body, so that a body that was cut off is refused.
// Blanks and other lines may follow and are ignored (RFC 2046, section 5.1.1), but no other boundary.
awaitable<base::result<void>> multipart_reader::state::finish_form() {
  std::string text;
  while (true) {
    auto more = co_await refill();
    if (!more) co_return base::pass(more);
    if (!*more) break;
    if (left.size() > limits.header_bytes - text.size()) {
      co_return fail(error_code::malformed, "Too much follows the last boundary of the form.");
    }
    text.append(std::exchange(left, {}));
  }
  const auto first = text.find_first_not_of(" \t");
  const bool line_ends = first == std::string::npos || text[first] == '\r' || text[first] == '\n';
  if (!line_ends || text.contains(std::string_view(delimiter).substr(1))) {
    co_return fail(error_code::malformed, "Something follows the last boundary of the form.");
  }
  where = place::end;
  co_return base::result<void>{};
}

// Reads what follows a boundary. False: "--", which ends the form. True: blanks and a line end, which begin a
// part.
awaitable<base::result<bool>> multipart_reader::state::finish_delimiter() {
  matched = 0;
  auto c = co_await next_char();
  if (c && *c == '-') {
    c = co_await next_char();
    if (!c) co_return base::pass(c);
    if (*c != '-') co_return malformed();
    co_return false;
  }
  std::size_t blanks = 0;
  while (c && (*c == ' ' || *c == '\t') && ++blanks <= limits.header_bytes) c = co_await next_char();
  if (!c) co_return base::pass(c);
  if (*c != '\r') co_return malformed();
  c = co_await next_char();
  if (!c) co_return base::pass(c);
  if (*c != '\n') co_return malformed();
  co_return true;
}

// The header lines of a part, without the empty line that ends them.
awaitable<base::result<std::string>> multipart_reader::state::read_headers() {
  std::string lines;
  std::size_t line_start = 0;
  for (;;) {
    auto more = co_await refill();
    if (!more) co_return base::pass(more);
    if (!*more) co_return fail(error_code::malformed, "The form ends in the middle of a part.");
    std::size_t end = std::min(left.find('\n'), left.size() - 1);
    lines.append(left.substr(0, end + 1));
    left.remove_prefix(end + 1);
    if (lines.size() > limits.header_bytes) {
      co_return fail(error_code::too_large, "The headers of a part of the form are too long.");
    }
    if (!lines.ends_with('\n')) continue;
    if (!lines.ends_with("\r\n")) co_return malformed();
    if (lines.size() - line_start == 2) {
      lines.resize(line_start);
      co_return lines;
    }
    line_start = lines.size();
  }
}

multipart_reader::multipart_reader(base::byte_source& body, std::string boundary, multipart_limits limits)
    : state_(std::make_unique<state>(body, boundary, limits)) {}

multipart_reader::~multipart_reader() = default;

base::byte_source& multipart_reader::content() {
  return *state_;
}

awaitable<base::result<std::optional<part>>> multipart_reader::next_part() {
  state& form = *state_;
  auto skipped = co_await form.skip_content();
  if (!skipped) co_return base::pass(skipped);
  if (form.where == state::place::end) co_return std::nullopt;
  form.preamble = false;
  // Until the part's headers are read, every error is final.
  form.where = state::place::failed;
  auto follows = co_await form.finish_delimiter();
  if (!follows) co_return base::pass(follows);
  if (!*follows) {
    if (auto whole = co_await form.finish_form(); !whole) co_return base::pass(whole);
    co_return std::nullopt;
  }
  base::expects(form.limits.parts > 0 && form.limits.header_bytes > 0, "a form may have a part");
  if (++form.parts > form.limits.parts) co_return fail(error_code::too_large, "The form has too many parts.");
  auto lines = co_await form.read_headers();
  if (!lines) co_return base::pass(lines);
  auto made = parse_part_headers(*lines);
  if (!made) co_return base::pass(made);
  form.where = state::place::content;
  form.matched = form.borrowed = 2;  // in an empty part, the headers' last CR LF begins the delimiter
  co_return std::move(*made);
}

awaitable<base::result<std::string>> read_all(base::byte_source& source, std::size_t limit) {
  std::string text;
  for (;;) {
    auto bytes = co_await source.next();
    if (!bytes) co_return base::pass(bytes);
    if (bytes->empty()) co_return text;
    base::expects(text.size() <= limit, "a text stays within its limit");
    if (bytes->size() > limit - text.size()) co_return fail(error_code::too_large, "The text is too long.");
    text.append(as_text(*bytes));
  }
}

}  // namespace dossier::http
