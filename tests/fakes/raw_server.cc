#include "fakes/raw_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace dossier::fakes {
namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";

void ignore_broken_pipes() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

std::size_t content_length(std::string head) {
  std::ranges::transform(head, head.begin(), [](unsigned char letter) { return std::tolower(letter); });
  const auto at = head.find("\r\ncontent-length:");
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 17, nullptr, 10);
}

}  // namespace

raw_connection::raw_connection(int socket, ssl_ctx_st* tls) : socket_(socket) {
  if (tls == nullptr) return;
  tls_ = SSL_new(tls);
  SSL_set_fd(tls_, socket_);
}

raw_connection::~raw_connection() {
  SSL_free(tls_);
  ::close(socket_);
}

bool raw_connection::accept_tls() {
  return tls_ == nullptr || SSL_accept(tls_) == 1;
}

long raw_connection::receive(char* into, std::size_t size) {
  return tls_ != nullptr ? SSL_read(tls_, into, static_cast<int>(size)) : ::recv(socket_, into, size, 0);
}

std::string raw_connection::read_head() {
  std::array<char, 16 << 10> some;
  for (;;) {
    if (const auto end = buffer_.find(end_of_head); end != std::string::npos) {
      auto head = buffer_.substr(0, end + end_of_head.size());
      buffer_.erase(0, head.size());
      return head;
    }
    const auto count = receive(some.data(), some.size());
    if (count <= 0) return {};
    buffer_.append(some.data(), static_cast<std::size_t>(count));
  }
}

raw_request raw_connection::read() {
  raw_request request{read_head(), {}};
  const auto length = content_length(request.head);
  std::array<char, 16 << 10> some;
  while (buffer_.size() < length) {
    const auto count = receive(some.data(), some.size());
    if (count <= 0) return {};
    buffer_.append(some.data(), static_cast<std::size_t>(count));
  }
  request.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return request;
}

bool raw_connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                       : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool raw_connection::answer(int status, std::string_view body, std::string_view more_headers) {
  return send("HTTP/1.1 " + std::to_string(status) + " Fine\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n" + std::string(more_headers) + "\r\n" + std::string(body));
}

void raw_connection::wait_until_client_goes() {
  std::array<char, 16 << 10> some;
  while (receive(some.data(), some.size()) > 0) {
  }
}

void raw_connection::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  // The descriptor's number stays taken, because another thread may shut it down.
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, socket_);
  ::close(nothing);
}

void raw_connection::shut_down() {
  ::shutdown(socket_, SHUT_RDWR);
}

raw_server::raw_server(script each, std::string certificate_file, std::string key_file)
    : each_(std::move(each)) {
  if (!certificate_file.empty()) {
    tls_ = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(tls_, certificate_file.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls_, key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
      throw std::runtime_error("the certificate cannot be used");
    }
  }
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

raw_server::~raw_server() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& each : open_) each->shut_down();
  }
  changed_.notify_all();
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (auto& each : threads_) each.join();
  ::close(listener_);
  open_.clear();
  SSL_CTX_free(tls_);
}

std::string raw_server::url(std::string_view path) const {
  return (tls_ != nullptr ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port_) +
         std::string(path);
}

void raw_server::wait_for_release() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return released_ || stopping_; });
}

void raw_server::release() {
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
  }
  changed_.notify_all();
}

void raw_server::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    auto connection = std::make_shared<raw_connection>(socket, tls_);
    ++connections_;
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    open_.push_back(connection);
    threads_.emplace_back([this, connection] { serve(connection); });
  }
}

void raw_server::serve(std::shared_ptr<raw_connection> connection) {
  ignore_broken_pipes();
  if (connection->accept_tls()) each_(*connection);
  const std::lock_guard lock(mutex_);
  connection->shut_down();
  std::erase(open_, connection);
}

}  // namespace dossier::fakes
