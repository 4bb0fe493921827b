// How a session writes its answers.
#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "base/byte_source.h"
#include "base/expects.h"
#include "base/log.h"
#include "http/message.h"
#include "http/session.h"

namespace dossier::http {
namespace {

constexpr std::uint64_t one_step = 1 << 20;

bool has_no_content(unsigned status) {
  return status < 200 || status == 204 || status == 304;
}

std::string_view as_text(base::byte_view bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

unsigned status_of(base::error_code code) {
  switch (code) {
    case base::error_code::unavailable:
    case base::error_code::timed_out:
      return 503;
    default:
      return 500;
  }
}

}  // namespace

void session::begin_write() {
  base::expects(waiting_ == waiting::nothing, "a session waits for one thing at a time");
  waiting_ = waiting::write;
  deadline_ = clock::now() + services_.limits.stall_time;
  last_unsent_.reset();
  overdue_ = false;
}

// Whether a slow client still reads enough: on average, minimum_rate bytes per second from the kernel's
// buffer.
bool session::still_moves(clock::time_point now) {
  auto unsent = connection_->unsent();
  if (!unsent || !last_unsent_) return false;
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(services_.limits.stall_time).count();
  std::size_t fair =
      std::max<std::size_t>(1, services_.limits.minimum_rate * static_cast<std::size_t>(seconds));
  if (*unsent + fair > *last_unsent_) return false;
  last_unsent_ = unsent;
  deadline_ = now + services_.limits.stall_time;
  return true;
}

// Writes the three texts one after the other, in as few system calls as the socket allows.
awaitable<bool> session::write(std::string_view head, std::string_view body, std::string_view tail,
                               bool more) {
  std::array<asio::const_buffer, 3> pieces{asio::buffer(head), asio::buffer(body), asio::buffer(tail)};
  std::span<asio::const_buffer> left(pieces);
  for (;;) {
    while (!left.empty() && left.front().size() == 0) left = left.subspan(1);
    if (left.empty()) co_return true;
    if (cut_) co_return false;
    begin_write();
    std::size_t count = co_await connection_->write_some(left, more);
    waiting_ = waiting::nothing;
    if (count == 0) co_return false;
    for (auto& piece : left) {
      std::size_t part = std::min(count, piece.size());
      piece += part;
      count -= part;
    }
    base::expects(count == 0, "no more is sent than there was to send");
  }
}

awaitable<bool> session::send(response& answer, bool keep) {
  services_.gzip.apply(answer, parser_.head().field("accept-encoding"));
  bool head_only = request_.method == "HEAD" || has_no_content(answer.status);
  head_facts facts;
  facts.close = !keep;
  facts.confirm_keep_alive = keep && !parser_.head().http_1_1;
  facts.date = services_.date.now();
  facts.id = request_.id;

  if (auto* stream = std::get_if<std::unique_ptr<base::byte_source>>(&answer.body); stream && *stream) {
    if (has_no_content(answer.status)) {
      facts.body = framing::none;
    } else if (answer.stream_length) {
      facts.length = *answer.stream_length;
    } else if (parser_.head().http_1_1) {
      facts.body = framing::chunked;
    } else {
      facts.body = framing::close;
      facts.close = true;
      facts.confirm_keep_alive = false;
    }
    if (!head_only) co_return co_await send_stream(answer, facts);
  }

  std::string_view body;
  if (auto* text = std::get_if<std::string>(&answer.body)) body = *text;
  if (auto* lasting = std::get_if<std::string_view>(&answer.body)) body = *lasting;
  if (has_no_content(answer.status)) {
    facts.body = framing::none;
  } else if (!std::holds_alternative<std::unique_ptr<base::byte_source>>(answer.body)) {
    facts.length = body.size();
  }
  if (head_only) body = {};
  base::expects(facts.body != framing::chunked, "an answer that is all there has a length");
  bytes_out_ = body.size();
  out_.clear();
  append_head(out_, answer, facts);
  co_return co_await write(out_, body);
}

// The first piece is read before the head is sent: if that fails, the client still gets a proper error. After
// that, the session can only cut the connection, which shows the client that the body is not complete.
awaitable<bool> session::send_stream(response& answer, head_facts facts) {
  base::expects(facts.body != framing::none, "only an answer that has a body sends one");
  auto& source = *std::get<std::unique_ptr<base::byte_source>>(answer.body);
  out_.clear();
  if (connection_->sends_files() && facts.body == framing::length) {
    if (auto region = source.as_file(); region && region->length == facts.length) {
      append_head(out_, answer, facts);
      if (!co_await write(out_, {}, {}, region->length > 0)) co_return false;
      co_return co_await send_file(source, *region);
    }
  }

  auto piece = co_await source.next();
  if (!piece) {
    base::log_error("answer's body failed", {{"request", request_.id}, {"what", piece.error().message}});
    auto route = answer.route;
    answer = error_page(status_of(piece.error().code), "Something went wrong here.");
    answer.route = route;
    co_return co_await send(answer, !facts.close);
  }
  append_head(out_, answer, facts);
  for (;;) {
    std::string_view data = as_text(*piece);
    bool last = data.empty();
    base::expects(facts.body != framing::length || bytes_out_ <= facts.length,
                  "no more of a body is sent than its Content-Length says");
    bool too_many = facts.body == framing::length && data.size() > facts.length - bytes_out_;
    bool too_few = facts.body == framing::length && last && bytes_out_ < facts.length;
    if (too_many || too_few) {
      base::log_error("answer's body is not as long as its Content-Length", {{"request", request_.id}});
      connection_->abort();
      co_return false;
    }
    std::string_view tail;
    if (facts.body == framing::chunked) {
      std::array<char, 16> digits;
      auto end = std::to_chars(digits.begin(), digits.end(), data.size(), 16).ptr;
      out_.append(digits.data(), end).append("\r\n");
      tail = "\r\n";
    }
    if (!co_await write(out_, data, tail)) co_return false;
    bytes_out_ += data.size();
    if (last || (facts.body == framing::length && bytes_out_ == facts.length)) co_return true;
    out_.clear();
    piece = co_await source.next();
    if (!piece) {
      base::log_error("answer's body failed", {{"request", request_.id}, {"what", piece.error().message}});
      connection_->abort();
      co_return false;
    }
  }
}

// Sends a file in steps. Each step is fetched into memory before it is sent, because reading from the disk
// must not block the loop.
awaitable<bool> session::send_file(base::byte_source& source, base::file_region region) {
  base::file_region step{region.descriptor, region.offset, 0};
  while (region.length > 0) {
    if (cut_) co_return false;
    if (step.length == 0) {
      step.length = std::min(region.length, one_step);
      co_await base::fetch(source, step);
    }
    begin_write();
    std::size_t count = co_await connection_->send_file(step);
    waiting_ = waiting::nothing;
    if (count == 0) {
      connection_->abort();
      co_return false;
    }
    base::expects(count <= step.length, "no more of a file is sent than was asked for");
    bytes_out_ += count;
    step.offset += count;
    step.length -= count;
    region.length -= count;
  }
  co_return true;
}

void session::report(const response& answer, clock::time_point began) {
  if (!services_.observer) return;
  services_.observer({.method = request_.method,
                      .route = answer.route,
                      .id = request_.id,
                      .status = answer.status,
                      .bytes_in = bytes_in_,
                      .bytes_out = bytes_out_,
                      .took = clock::now() - began});
}

}  // namespace dossier::http
