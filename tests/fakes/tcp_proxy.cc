#include "fakes/tcp_proxy.h"

#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace dossier::fakes {
namespace {

// How long a blocking wait may take to notice that it should stop.
constexpr int look_every_ms = 20;

class socket_end {
 public:
  explicit socket_end(int number) : number_(number) {}
  ~socket_end() { close_now(); }
  socket_end(const socket_end&) = delete;
  socket_end& operator=(const socket_end&) = delete;
  void close_now() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  int number() const { return number_; }

 private:
  int number_;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(port);
  return at;
}

int connect_to(std::uint16_t port) {
  const int to = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto at = loopback(port);
  const int yes = 1;
  ::setsockopt(to, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(to, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) return to;
  ::close(to);
  return -1;
}

bool is_readable(int socket) {
  pollfd one{.fd = socket, .events = POLLIN, .revents = 0};
  return ::poll(&one, 1, look_every_ms) > 0;
}

void wait_for(const std::stop_token& stop) {
  while (!stop.stop_requested()) ::poll(nullptr, 0, look_every_ms);
}

// Empty at the end.
std::string receive(int from) {
  std::string bytes(64 * 1024, '\0');
  const auto got = ::recv(from, bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

bool send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

tcp_proxy::tcp_proxy(std::uint16_t server_port) : server_port_(server_port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto at = loopback(0);
  socklen_t length = sizeof at;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), length) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &length) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  port_ = ntohs(at.sin_port);
  acceptor_ = std::jthread([this](const std::stop_token& stop) { accept_all(stop); });
}

tcp_proxy::~tcp_proxy() {
  acceptor_ = {};
  for (auto& one : pumps_) one.request_stop();
  pumps_.clear();
  ::close(listener_);
}

void tcp_proxy::break_at(std::string text, breaking how, afterwards then) {
  const std::lock_guard lock(mutex_);
  broken_ = false;
  rule_ = rule{std::move(text), how, then};
}

void tcp_proxy::break_one_in(unsigned count, unsigned seed) {
  const std::lock_guard lock(mutex_);
  one_in_ = count;
  random_.seed(seed);
}

void tcp_proxy::refuse(bool all) {
  refusing_ = all;
}

void tcp_proxy::silence() {
  ++silenced_;
}

void tcp_proxy::accept_all(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!is_readable(listener_)) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    ++connections_;
    pumps_.emplace_back([this, client](const std::stop_token& ended) { pump(ended, client); });
  }
}

void tcp_proxy::pump(const std::stop_token& stop, int number) {
  socket_end client(number);
  const int silenced_before = silenced_;
  if (refusing_) return;
  const int yes = 1;
  ::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  socket_end server(connect_to(server_port_));
  if (server.number() < 0) return;
  while (!stop.stop_requested() && !refusing_) {
    pollfd ends[] = {{.fd = client.number(), .events = POLLIN, .revents = 0},
                     {.fd = server.number(), .events = POLLIN, .revents = 0}};
    const bool something = ::poll(ends, 2, look_every_ms) > 0;
    if (silenced_ != silenced_before) return wait_for(stop);
    if (!something) continue;
    if (ends[1].revents != 0) {
      const auto answer = receive(server.number());
      if (answer.empty() || !send_all(client.number(), answer)) return;
    }
    if (ends[0].revents == 0) continue;
    const auto message = receive(client.number());
    if (message.empty()) return;
    ++messages_;
    const auto broken_by = rule_for(message);
    if (!broken_by) {
      if (!send_all(server.number(), message)) return;
      continue;
    }
    if (broken_by->how == breaking::after) {
      send_all(server.number(), message);
      while (!stop.stop_requested() && !is_readable(server.number())) continue;
    }
    if (broken_by->then == afterwards::refuse) refusing_ = true;
    client.close_now();
    broken_ = true;
    if (broken_by->how != breaking::client_only) return;
    // Waits until the server gives up on the connection.
    while (!stop.stop_requested()) {
      if (is_readable(server.number()) && receive(server.number()).empty()) return;
    }
  }
}

std::optional<tcp_proxy::rule> tcp_proxy::rule_for(const std::string& message) {
  const std::lock_guard lock(mutex_);
  if (one_in_ != 0 && random_() % one_in_ == 0) {
    return rule{"", static_cast<breaking>(random_() / 7 % 3), afterwards::serve};
  }
  if (!rule_ || !message.contains(rule_->text)) return std::nullopt;
  return std::exchange(rule_, std::nullopt);
}

}  // namespace dossier::fakes
