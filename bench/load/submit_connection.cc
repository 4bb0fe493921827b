#include "load/submit_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace dossier::bench {
namespace {

// A bound for one call, so that one connection of many does not keep the others waiting.
constexpr std::uint64_t bytes_per_turn = 1 << 20;

[[noreturn]] void fail(const char* what, std::string_view detail = {}) {
  std::fprintf(stderr, "submit_load: %s (%s) %.*s\n", what, errno != 0 ? std::to_string(errno).c_str() : "",
               static_cast<int>(detail.size()), detail.data());
  std::exit(1);
}

int connect_to(const submit_settings& settings) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(settings.port);
  if (inet_pton(AF_INET, settings.host.c_str(), &address.sin_addr) != 1)
    fail("no such address", settings.host);
  if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("cannot connect");
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

}  // namespace

submit_connection::submit_connection(const submit_settings& settings, std::span<const char> noise)
    : settings_(settings), noise_(noise), socket_(connect_to(settings)) {}

submit_connection::~submit_connection() {
  close(socket_);
}

void submit_connection::begin(std::uint64_t number) {
  request_ = make_request(settings_, number);
  total_ = request_.head.size() + request_.noise_size + request_.tail.size();
  sent_ = 0;
  answer_.clear();
  waiting_ = waits_for::writable;
  began_ = clock::now();
}

bool submit_connection::advance() {
  if (waiting_ == waits_for::writable && !send_some()) return false;
  waiting_ = waits_for::answer;
  return receive_some();
}

// True once all is sent.
bool submit_connection::send_some() {
  const std::uint64_t bound = sent_ + bytes_per_turn;
  const std::uint64_t head = request_.head.size();
  while (sent_ < total_ && sent_ < bound) {
    std::array<iovec, 3> pieces{};
    std::size_t count = 0;
    std::uint64_t at = sent_;
    if (at < head) {
      pieces[count++] = {request_.head.data() + at, head - at};
      at = head;
    }
    if (at < head + request_.noise_size) {
      const auto within = (at - head) % noise_.size();
      const auto length = std::min(head + request_.noise_size - at, noise_.size() - within);
      pieces[count++] = {const_cast<char*>(noise_.data()) + within, length};
      at += length;
    }
    if (at >= head + request_.noise_size && at < total_) {
      const auto within = at - head - request_.noise_size;
      pieces[count++] = {request_.tail.data() + within, request_.tail.size() - within};
    }
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    const auto put = sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
    if (put < 0) {
      recv(socket_, nullptr, 0, 0);
      receive_some();
      fail("cannot send", answer_);
    }
    sent_ += static_cast<std::uint64_t>(put);
  }
  return sent_ == total_;
}

bool submit_connection::receive_some() {
  std::array<char, 16 * 1024> buffer;
  for (;;) {
    const auto got = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
    if (got <= 0) fail("the connection was closed", answer_);
    answer_.append(buffer.data(), static_cast<std::size_t>(got));
    if (answered()) return true;
  }
}

bool submit_connection::answered() const {
  if (settings_.protocol == wire_protocol::bare) return answer_.size() == sizeof(std::int64_t);
  const std::string_view text = answer_;
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  if (!text.starts_with("HTTP/1.1 201")) fail("unexpected answer", text);
  static constexpr std::string_view name = "\r\nContent-Length: ";
  const auto found = text.find(name);
  if (found >= end) fail("an answer without Content-Length", text);
  const auto length = std::strtoull(text.data() + found + name.size(), nullptr, 10);
  return text.size() >= end + 4 + length;
}

}  // namespace dossier::bench
