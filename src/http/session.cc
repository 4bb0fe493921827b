#include "http/session.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/ascii.h"
#include "base/expects.h"
#include "base/log.h"
#include "base/upload_memory.h"
#include "http/client_address.h"
#include "http/message.h"

namespace dossier::http {
namespace {

using base::error_code;
using base::fail;

constexpr auto longest_goodbye = std::chrono::seconds(5);
constexpr std::size_t kept_output = 16 * 1024;
constexpr unsigned client_left = 499;  // the status that nginx logs for this

}  // namespace

session::session(loop_services& services, std::unique_ptr<transport> connection, std::string peer,
                 bool secure)
    : services_(services),
      connection_(std::move(connection)),
      peer_(std::move(peer)),
      parser_(services.limits),
      request_(*this) {
  base::expects(connection_ != nullptr, "a session has a connection");
  request_.remote = peer_;
  request_.secure = secure;
}

awaitable<void> session::run() {
  loop_ = co_await asio::this_coro::executor;
  waiting_ = waiting::idle;
  deadline_ = clock::now() + services_.limits.header_time;
  bool ready = co_await connection_->handshake();
  waiting_ = waiting::nothing;
  bool first = true;
  while (ready && !cut_) {
    head_outcome outcome = co_await read_head(first);
    if (outcome.problem) {
      name_request();
      co_await refuse(*outcome.problem);
    }
    if (!outcome.whole) break;
    if (!co_await serve_one()) break;
    first = false;
    // When the next request is here already: without this turn, the loop's other sessions would wait.
    if (!in_.empty()) co_await asio::post(co_await asio::this_coro::executor, asio::deferred);
  }
  connection_->close();
}

awaitable<void> session::turn_away() {
  waiting_ = waiting::idle;
  deadline_ = clock::now() + services_.limits.header_time;
  bool ready = co_await connection_->handshake();
  waiting_ = waiting::nothing;
  if (ready) {
    name_request();
    response answer = error_page(503, "Too many connections are open. Try again in a moment.");
    if (!find_header(answer, "retry-after")) answer.set("Retry-After", "1");
    if (co_await send(answer, false)) co_await say_goodbye(true);
  }
  connection_->close();
}

// ---- reading

std::optional<std::string_view> session::incoming::header(std::string_view name) const {
  return owner_.parser_.head().field(name);
}

base::caller session::incoming::caller() {
  return {.name = client_network(remote), .watch = [this] {
            return owner_.watch_client();
          }};
}

awaitable<base::result<base::byte_view>> session::incoming::next() {
  auto view = co_await owner_.next_body();
  if (view && view->empty() && at_end_of_body) {
    if (auto still = co_await std::exchange(at_end_of_body, nullptr)(); !still) co_return base::pass(still);
  }
  co_return view;
}

awaitable<bool> session::fill(waiting why, clock::time_point deadline) {
  if (cut_ || (why == waiting::idle && services_.draining.load(std::memory_order_relaxed))) co_return false;
  base::expects(waiting_ == waiting::nothing, "a session waits for one thing at a time");
  std::span<char> space = in_.space();
  waiting_ = why;
  deadline_ = deadline;
  overdue_ = false;
  std::size_t count = co_await connection_->read_some(space);
  waiting_ = waiting::nothing;
  in_.commit(count);
  filled_ = count == space.size();
  co_return count > 0;
}

awaitable<session::head_outcome> session::read_head(bool first) {
  const auto& limits = services_.limits;
  parser_.begin();
  auto deadline = clock::now() + (first || !in_.empty() ? limits.header_time : limits.idle_time);
  for (;;) {
    bool nothing_yet = in_.empty();
    if (nothing_yet) {
      in_.shrink();
    } else {
      auto taken = parser_.read_head(in_.bytes());
      if (!taken) co_return head_outcome{false, taken.error()};
      if (*taken > 0) {
        in_.consume(*taken);
        co_return head_outcome{true, {}};
      }
    }
    if (!co_await fill(nothing_yet ? waiting::idle : waiting::head, deadline)) {
      if (overdue_ && !nothing_yet)
        co_return head_outcome{false, refusal{408, "The request took too long to arrive."}};
      co_return head_outcome{};
    }
    if (nothing_yet && !first) deadline = clock::now() + limits.header_time;
  }
}

// How long the body's next bytes may take: stall_time, or less when the body's average rate would be too
// low by then. Only time spent waiting for the client counts.
session::clock::duration session::body_patience() const {
  const auto& limits = services_.limits;
  clock::duration stall = limits.stall_time;
  if (limits.minimum_rate == 0) return stall;
  auto earned = std::chrono::duration_cast<clock::duration>(
      std::chrono::milliseconds(std::min<std::uint64_t>(bytes_in_ / limits.minimum_rate, 1'000'000) * 1000));
  return std::clamp(std::max(stall, earned) - waited_, clock::duration::zero(), stall);
}

awaitable<base::result<base::byte_view>> session::next_body() {
  while (!parser_.complete()) {
    if (broken_) co_return fail(error_code::malformed, "The body is malformed.");
    if (!in_.empty()) {
      auto piece = parser_.read_body(in_.bytes());
      bool stuck = piece && piece->taken == 0 && in_.size() >= input_buffer::large;
      if (!piece || stuck) {
        broken_ = true;
        co_return fail(error_code::malformed, "The body is malformed.");
      }
      in_.consume(piece->taken);
      if (!piece->data.empty()) {
        bytes_in_ += piece->data.size();
        co_return std::as_bytes(std::span(piece->data));
      }
      if (piece->taken > 0) continue;
    }
    if (continue_owed_ && !co_await tell_to_go_on()) {
      request_.broken_off = true;
      co_return fail(error_code::malformed, "The connection was closed.");
    }
    make_room_for_body();
    auto began = clock::now();
    bool more = co_await fill(waiting::body, began + body_patience());
    waited_ += clock::now() - began;
    if (!more) {
      broken_ = true;
      if (overdue_) co_return fail(error_code::timed_out, "The request's body took too long to arrive.");
      request_.broken_off = true;
      co_return fail(error_code::malformed, "The connection was closed before all of the body arrived.");
    }
  }
  in_.shrink();
  co_return base::byte_view{};
}

// How much of the body has not been read; empty when its length is not known before its end.
std::optional<std::uint64_t> session::body_left() const {
  if (!request_.content_length) return std::nullopt;
  base::expects(bytes_in_ <= *request_.content_length,
                "no more of a body is read than its Content-Length says");
  return *request_.content_length - bytes_in_;
}

// A large buffer takes of the memory that all uploads share. A session that waits for its client has none.
void session::make_room_for_body() {
  using enum base::upload_memory::block_size;
  const auto left = body_left().value_or(input_buffer::large + 1);
  if (!connection_->readable()) {
    in_.shrink(input_buffer::least);
  } else if (left > input_buffer::small) {
    const bool fast = filled_ && in_.capacity() >= input_buffer::large && left > input_buffer::large;
    in_.enlarge(services_.memory, fast ? huge : large);
  } else {
    in_.widen();
  }
}

// Whether bytes of the body are here. In a chunked body: whether a byte follows the next chunk's size.
bool session::body_is_here() const {
  if (parser_.complete() || connection_->readable()) return true;
  auto text = in_.bytes();
  if (request_.content_length) return !text.empty();
  if (text.starts_with("\r\n")) text.remove_prefix(2);
  const auto line = text.find('\n');
  return line != std::string_view::npos && line + 1 < text.size();
}

awaitable<bool> session::tell_to_go_on() {
  continue_owed_ = false;
  bool sent = co_await write("HTTP/1.1 100 Continue\r\n\r\n", {});
  broken_ = !sent;
  co_return sent;
}

// Drops the part of the body that has arrived. True when that was the whole rest.
bool session::skip_buffered_body() {
  while (!parser_.complete() && !in_.empty() && !broken_) {
    auto piece = parser_.read_body(in_.bytes());
    if (!piece) broken_ = true;
    if (!piece || piece->taken == 0) break;
    bytes_in_ += piece->data.size();
    in_.consume(piece->taken);
  }
  return parser_.complete();
}

awaitable<bool> session::drain_body() {
  while (!parser_.complete()) {
    auto piece = co_await next_body();
    if (!piece) co_return false;
  }
  co_return true;
}

// ---- one request

// Sets what every request has, even a malformed one: an id and a method.
void session::name_request() {
  const message_head& head = parser_.head();
  auto id = head.field("x-request-id");
  if (id && is_sane_id(*id)) {
    request_.id.assign(*id);
  } else {
    services_.ids.make(request_.id);
  }
  request_.method.assign(head.method.empty() ? "-" : head.method);
  bytes_in_ = bytes_out_ = 0;
}

bool session::prepare_request() {
  base::expects(!watch_, "the client of an earlier request is not watched any more");
  const message_head& head = parser_.head();
  incoming& request = request_;
  continue_owed_ = head.expects_continue && !parser_.complete();
  broken_ = false;
  request_.broken_off = false;
  request_.at_end_of_body = nullptr;
  waited_ = {};
  name_request();
  // One connection of a proxy brings requests of many clients.
  if (!services_.proxies.empty()) request.remote = client_address(peer_, head.fields, services_.proxies);
  request.target.assign(head.target);
  bool valid = parse_target(request.target, request.method, target_);
  request.path.assign(valid ? std::string_view(target_.path) : "");
  request.query.assign(target_.query);
  request.content_length = head.content_length;
  base::assign_ascii_lower(request.host, target_.host ? *target_.host : head.field("host").value_or(""));
  return valid;
}

awaitable<bool> session::serve_one() {
  auto began = clock::now();
  if (!prepare_request()) {
    co_await refuse({400, "The address is malformed."});
    co_return false;
  }
  response answer = co_await ask_handler();
  if (watch_) {
    // Only for the log and the metrics: the client has left and does not see it.
    if (watch_->token().stop_requested()) answer.status = client_left;
    std::exchange(watch_, nullptr)->end();
  }
  bool keep = may_keep(answer);
  bool sent = co_await send(answer, keep);
  report(answer, began);
  if (out_.capacity() > kept_output) base::release_memory(out_);
  if (!sent) co_return false;
  if (!keep) {
    co_await say_goodbye(broken_ || !parser_.complete() || !in_.empty());
    co_return false;
  }
  co_return co_await drain_body();
}

awaitable<response> session::ask_handler() {
  std::string what;
  try {
    co_return co_await services_.answers.handle(request_);
  } catch (const std::exception& thrown) {
    what = thrown.what();
  } catch (...) {
    what = "something that is not a std::exception";
  }
  base::log_error("handler failed", {{"request", request_.id}, {"what", what}});
  co_return error_page(500, "Something went wrong here.");
}

// The client is not watched before its whole body was read: until then, the connection is in use.
std::stop_token session::watch_client() {
  base::expects(waiting_ == waiting::nothing, "a client is watched while nothing else uses its connection");
  if (!parser_.complete()) return {};
  if (!watch_) {
    watch_ = client_watch::begin(loop_, *connection_, parser_.head().http_1_1,
                                 [this] { request_.broken_off = true; });
  }
  return watch_->token();
}

response session::error_page(unsigned status, std::string_view message) {
  auto accept = parser_.head().field("accept").value_or("");
  try {
    return services_.answers.error_page(status, message, request_.id, accept);
  } catch (const std::exception& thrown) {
    base::log_error("error page failed", {{"request", request_.id}, {"what", thrown.what()}});
  } catch (...) {
    base::log_error("error page failed",
                    {{"request", request_.id}, {"what", "something that is not a std::exception"}});
  }
  return text_response(status, "text/plain; charset=utf-8", std::string(message) + "\n");
}

awaitable<void> session::refuse(refusal problem) {
  auto began = clock::now();
  response answer = error_page(problem.status, problem.message);
  bool sent = co_await send(answer, false);
  report(answer, began);
  if (sent) co_await say_goodbye(true);
}

// Whether the connection can serve another request after this answer.
bool session::may_keep(const response& answer) {
  if (!parser_.head().keep_alive || services_.draining.load(std::memory_order_relaxed) || cut_) return false;
  const std::string* connection = find_header(answer, "connection");
  if (connection && base::ascii_equal(*connection, "close")) return false;
  auto* stream = std::get_if<std::unique_ptr<base::byte_source>>(&answer.body);
  bool ends_with_connection = stream && *stream && !answer.stream_length && !parser_.head().http_1_1;
  if (ends_with_connection) return false;
  if (skip_buffered_body()) return true;
  if (broken_ || continue_owed_) return false;
  const auto left = body_left();
  return left && *left <= services_.limits.drain_bytes;
}

// Closing a socket with unread input resets it, maybe before the client has our answer. So we end our side
// first, and for a short time read and drop what still arrives.
awaitable<void> session::say_goodbye(bool linger) {
  clock::duration patience = std::min<clock::duration>(services_.limits.stall_time, longest_goodbye);
  auto deadline = clock::now() + patience;
  waiting_ = waiting::goodbye;
  deadline_ = deadline;
  co_await connection_->finish();
  waiting_ = waiting::nothing;
  if (!linger || !connection_->lingers()) co_return;
  do {
    in_.clear();
    in_.shrink();
  } while (clock::now() < deadline && co_await fill(waiting::goodbye, deadline));
}

// ---- from the loop

void session::sweep(clock::time_point now) {
  if (waiting_ == waiting::nothing) return;
  if (waiting_ == waiting::write && !last_unsent_) last_unsent_ = connection_->unsent();
  if (now < deadline_) return;
  if (waiting_ == waiting::write && still_moves(now)) return;
  overdue_ = true;
  connection_->cancel();
}

void session::let_go() {
  if (waiting_ == waiting::idle || waiting_ == waiting::goodbye) connection_->cancel();
}

void session::cut() {
  cut_ = true;
  connection_->cancel();
}

}  // namespace dossier::http
