#include "http/connections.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string_view>

namespace dossier::http {
namespace {

constexpr std::string_view answer =
    "HTTP/1.1 503 Service Unavailable\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Length: 54\r\n"
    "Retry-After: 1\r\n"
    "Cache-Control: no-store\r\n"
    "Connection: close\r\n"
    "\r\n"
    "Too many connections are open. Try again in a moment.\n";

int open_spare() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

}  // namespace

void turn_away_at_once(int socket) {
  if (::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) return;
  ::shutdown(socket, SHUT_WR);
  // Closing a socket with unread input resets the connection, and the reset may reach the client before the
  // answer.
  char read_away[4096];
  while (::recv(socket, read_away, sizeof(read_away), MSG_DONTWAIT) > 0) {
  }
}

spare_descriptor::spare_descriptor() : file_(open_spare()) {}

spare_descriptor::~spare_descriptor() {
  if (file_ >= 0) ::close(file_);
}

int spare_descriptor::turn_away_waiting(int listening, bool plain, int most) {
  int count = 0;
  if (file_ >= 0) ::close(file_);
  while (count < most) {
    const int socket = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) break;
    if (plain) turn_away_at_once(socket);
    ::close(socket);
    ++count;
  }
  file_ = open_spare();
  return count;
}

}  // namespace dossier::http
