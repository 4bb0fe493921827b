#include "token_server.h"

#include <functional>
#include <memory>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace dossier::stores::sql {
namespace {

using namespace std::string_literals;

// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html
std::string packet(std::uint8_t sequence, const std::string& payload) {
  const auto size = payload.size();
  return std::string{static_cast<char>(size & 0xff), static_cast<char>(size >> 8 & 0xff),
                     static_cast<char>(size >> 16 & 0xff), static_cast<char>(sequence)} +
         payload;
}

std::string greeting() {
  // PROTOCOL_41, FOUND_ROWS, CONNECT_WITH_DB, SSL, TRANSACTIONS, SECURE_CONNECTION; then MULTI_STATEMENTS,
  // MULTI_RESULTS, PLUGIN_AUTH.
  return packet(0, "\x0a"s + "8.0.40\0"s + "\x01\0\0\0"s + "12345678"s + "\0"s + "\x0b\xaa"s + "\x2d"s +
                       "\x02\0"s + "\x0b\0"s + "\x15"s + std::string(10, '\0') + "abcdefghijkl\0"s +
                       "mysql_native_password\0"s);
}

using read_bytes = std::function<int(char* to, int most)>;

// The payload of the next packet; empty when there is none.
std::string read_packet(const read_bytes& read) {
  const auto exactly = [&](std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      const int some = read(bytes.data() + got, static_cast<int>(size - got));
      if (some <= 0) return ""s;
      got += static_cast<std::size_t>(some);
    }
    return bytes;
  };
  const auto head = exactly(4);
  if (head.empty()) return "";
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(head[i]));
  };
  return exactly(byte(0) | byte(1) << 8 | byte(2) << 16);
}

}  // namespace

token_server::token_server(const fakes::certificate_files& identity) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), length) != 0 || ::listen(listener_, 4) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &length) != 0) {
    throw std::runtime_error("the token server cannot listen");
  }
  port_ = ntohs(at.sin_port);
  thread_ = std::jthread([this, identity] { serve(identity); });
}

token_server::~token_server() {
  ::shutdown(listener_, SHUT_RDWR);
  if (thread_.joinable()) thread_.join();
  ::close(listener_);
}

std::string token_server::token() {
  thread_.join();
  return token_;
}

void token_server::serve(const fakes::certificate_files& identity) {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()),
                                                                  &SSL_CTX_free);
  SSL_CTX_use_certificate_chain_file(context.get(), identity.certificate.c_str());
  SSL_CTX_use_PrivateKey_file(context.get(), identity.key.c_str(), SSL_FILETYPE_PEM);
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context.get()), &SSL_free);
  SSL_set_fd(tls.get(), client);
  const auto hello = greeting();
  ::send(client, hello.data(), hello.size(), MSG_NOSIGNAL);
  const auto plain = [&](char* to, int most) {
    return static_cast<int>(::recv(client, to, static_cast<std::size_t>(most), 0));
  };
  const auto asks_for_tls = read_packet(plain);
  if (!asks_for_tls.empty() && SSL_accept(tls.get()) == 1) {
    const auto secret = [&](char* to, int most) {
      return SSL_read(tls.get(), to, most);
    };
    const auto send = [&](const std::string& bytes) {
      SSL_write(tls.get(), bytes.data(), static_cast<int>(bytes.size()));
    };
    if (!read_packet(secret).empty()) {
      send(packet(3, "\xfe"s + "mysql_clear_password\0"s));
      token_ = read_packet(secret);
      if (!token_.empty() && token_.back() == '\0') token_.pop_back();
      send(packet(5, "\0\0\0\x02\0\0\0"s));
    }
  }
  ::close(client);
}

}  // namespace dossier::stores::sql
