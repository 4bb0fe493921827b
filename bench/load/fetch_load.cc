// Downloads one address over one connection and throws the bytes away; prints how fast they came as JSON.
//
//   fetch_load --port N --path /a/path [--times N]
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "load/arguments.h"

namespace dossier::bench {
namespace {

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "fetch_load: %s\n", what);
  std::exit(1);
}

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("cannot connect");
  return socket;
}

std::size_t receive(int socket, std::vector<char>& buffer) {
  const auto got = recv(socket, buffer.data(), buffer.size(), 0);
  if (got <= 0) fail("the connection was closed");
  return static_cast<std::size_t>(got);
}

// Reads one answer; returns the size of its body.
std::uint64_t drain_answer(int socket, std::vector<char>& buffer) {
  std::string head;
  std::size_t end = std::string::npos;
  while ((end = head.find("\r\n\r\n")) == std::string::npos)
    head.append(buffer.data(), receive(socket, buffer));
  if (!head.starts_with("HTTP/1.1 200")) fail(head.substr(0, end).c_str());
  const std::string name = "\r\nContent-Length: ";
  const auto found = head.find(name);
  if (found >= end) fail("an answer without Content-Length");
  const auto size = std::strtoull(head.c_str() + found + name.size(), nullptr, 10);
  std::uint64_t got = head.size() - end - 4;
  while (got < size) got += receive(socket, buffer);
  return size;
}

int run(const arguments& options) {
  const auto port = static_cast<std::uint16_t>(options.number("port", 0));
  const int socket = connect_to(port);
  const auto request =
      fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", options.text("path", "/"), port);
  std::vector<char> buffer(256 * 1024);
  std::uint64_t bytes = 0;
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < options.number("times", 1); ++i) {
    if (send(socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) fail("cannot send");
    bytes += drain_answer(socket, buffer);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  close(socket);
  fmt::print("{{\"bytes\":{},\"seconds\":{:.6f},\"mib_per_second\":{:.1f}}}\n", bytes, seconds,
             static_cast<double>(bytes) / seconds / (1 << 20));
  return 0;
}

}  // namespace
}  // namespace dossier::bench

int main(int count, char** words) {
  return dossier::bench::run({count, words});
}
