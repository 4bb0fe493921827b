#include "http/socket_transport.h"

#include <linux/sockios.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <tuple>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "base/expects.h"

namespace dossier::http {
namespace {

using boost::asio::ssl::context;

constexpr unsigned char offered[] = "\x08http/1.1";

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned in_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, offered, sizeof(offered) - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

std::unexpected<base::error> file_error(std::string_view what, const std::string& file,
                                        const boost::system::error_code& failed) {
  return base::fail(base::error_code::invalid,
                    "The " + std::string(what) + " " + file + " cannot be used: " + failed.message() + ".");
}

constexpr auto wait_for_it = asio::as_tuple(asio::deferred);
// How many bytes one connection may send before the other connections of its loop get their turn.
constexpr std::size_t turn_bytes = 4 << 20;
constexpr std::size_t one_sendfile = 1 << 20;

template <class Stream>
awaitable<std::size_t> read_from(Stream& stream, std::span<char> into) {
  base::expects(!into.empty(), "there is room to read into");
  auto [failed, count] = co_await stream.async_read_some(asio::buffer(into.data(), into.size()), wait_for_it);
  co_return failed ? 0 : count;
}

class plain_transport final : public transport {
 public:
  explicit plain_transport(loop_socket socket) : socket_(std::move(socket)) {
    base::expects(socket_.is_open(), "a transport has an open socket");
  }

  awaitable<bool> handshake() override { co_return true; }

  awaitable<std::size_t> read_some(std::span<char> into) override { return read_from(socket_, into); }

  bool readable() const override {
    return has_unread_bytes(const_cast<loop_socket&>(socket_).native_handle());
  }

  // Tries to send before it waits: a small answer needs one system call and no wait for the socket.
  awaitable<std::size_t> write_some(std::span<const asio::const_buffer> pieces, bool more) override {
    base::expects(!pieces.empty() && pieces.front().size() > 0, "there is something to send");
    std::array<iovec, 8> vectors;
    std::size_t count = std::min(pieces.size(), vectors.size());
    for (std::size_t i = 0; i < count; ++i) {
      vectors[i] = {const_cast<void*>(pieces[i].data()), pieces[i].size()};
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    if (turn_ >= turn_bytes) co_await let_others_go_first();
    for (;;) {
      ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
      if (sent >= 0) {
        turn_ += static_cast<std::size_t>(sent);
        co_return static_cast<std::size_t>(sent);
      }
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) co_return 0;
      if (!co_await writable()) co_return 0;
    }
  }

  bool sends_files() const override { return true; }

  awaitable<std::size_t> send_file(base::file_region region) override {
    base::expects(region.descriptor >= 0 && region.length > 0, "there is something of an open file to send");
    if (turn_ >= turn_bytes) co_await let_others_go_first();
    for (;;) {
      off_t offset = static_cast<off_t>(region.offset);
      ssize_t sent = ::sendfile(socket_.native_handle(), region.descriptor, &offset,
                                std::min<std::uint64_t>(region.length, one_sendfile));
      if (sent >= 0) {
        turn_ += static_cast<std::size_t>(sent);
        co_return static_cast<std::size_t>(sent);
      }
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) co_return 0;
      if (!co_await writable()) co_return 0;
    }
  }

  awaitable<void> finish() override {
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    co_return;
  }

  std::optional<std::size_t> unsent() const override {
    return unsent_bytes(const_cast<loop_socket&>(socket_).native_handle());
  }

  bool lingers() const override { return true; }

  presence peer() const override {
    return presence_of_peer(const_cast<loop_socket&>(socket_).native_handle());
  }

  bool send_at_once(std::string_view text) override {
    if (unsent() != 0) return false;
    const auto sent = ::send(socket_.native_handle(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent == static_cast<ssize_t>(text.size());
  }

  void cancel() override {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }

  void abort() override {
    boost::system::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

  void close() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  awaitable<void> let_others_go_first() {
    turn_ = 0;
    co_await asio::post(socket_.get_executor(), asio::deferred);
  }
  awaitable<bool> writable() {
    turn_ = 0;
    auto [failed] = co_await socket_.async_wait(asio::socket_base::wait_write, wait_for_it);
    co_return !failed;
  }

  loop_socket socket_;
  std::size_t turn_ = 0;
};

class tls_transport final : public transport {
 public:
  tls_transport(loop_socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {
    base::expects(stream_.next_layer().is_open(), "a transport has an open socket");
  }

  awaitable<bool> handshake() override {
    auto [failed] = co_await stream_.async_handshake(asio::ssl::stream_base::server, wait_for_it);
    co_return !failed;
  }

  awaitable<std::size_t> read_some(std::span<char> into) override { return read_from(stream_, into); }

  // A record may also be in Asio's own buffer, between these two, where we cannot look. Then this returns
  // false, and the record is read into the room that there is.
  bool readable() const override {
    auto& stream = const_cast<asio::ssl::stream<loop_socket>&>(stream_);
    return SSL_pending(stream.native_handle()) > 0 || has_unread_bytes(stream.next_layer().native_handle());
  }

  awaitable<std::size_t> write_some(std::span<const asio::const_buffer> pieces, bool) override {
    for (auto piece : pieces) {
      if (piece.size() == 0) continue;
      auto [failed, count] = co_await stream_.async_write_some(piece, wait_for_it);
      co_return failed ? 0 : count;
    }
    co_return 0;
  }

  bool sends_files() const override { return false; }
  awaitable<std::size_t> send_file(base::file_region) override { co_return 0; }

  awaitable<void> finish() override { co_await stream_.async_shutdown(wait_for_it); }

  std::optional<std::size_t> unsent() const override {
    return unsent_bytes(const_cast<asio::ssl::stream<loop_socket>&>(stream_).next_layer().native_handle());
  }
  bool lingers() const override { return false; }

  presence peer() const override {
    const auto seen =
        presence_of_peer(const_cast<asio::ssl::stream<loop_socket>&>(stream_).next_layer().native_handle());
    return seen == presence::there ? seen : presence::gone;
  }

  void cancel() override {
    boost::system::error_code ignored;
    stream_.next_layer().cancel(ignored);
  }

  void abort() override {
    boost::system::error_code ignored;
    stream_.next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
    stream_.next_layer().close(ignored);
  }

  void close() override {
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  asio::ssl::stream<loop_socket> stream_;
};

}  // namespace

void free_tls_context::operator()(context* made) const {
  delete made;
}

base::result<tls_context> make_tls_context(const std::string& certificate_file, const std::string& key_file) {
  if (certificate_file.empty() || key_file.empty()) {
    return base::fail(base::error_code::invalid, "TLS needs both a certificate file and a key file.");
  }
  tls_context made(new context(context::tls_server));
  made->set_options(context::default_workarounds | context::no_sslv2 | context::no_sslv3 | context::no_tlsv1 |
                    context::no_tlsv1_1 | context::no_compression);
  boost::system::error_code failed;
  made->use_certificate_chain_file(certificate_file, failed);
  if (failed) return file_error("certificate", certificate_file, failed);
  made->use_private_key_file(key_file, context::pem, failed);
  if (failed) return file_error("key", key_file, failed);
  SSL_CTX* native = made->native_handle();
  if (SSL_CTX_check_private_key(native) != 1) {
    return base::fail(
        base::error_code::invalid,
        "The key " + key_file + " does not belong to the certificate " + certificate_file + ".");
  }
  // TLS 1.3 has such suites only. Keys are exchanged anew for each connection, so that a key that is stolen
  // later does not open what was recorded.
  base::expects(SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1,
                "OpenSSL has suites that also protect against changes (AEAD)");
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  return made;
}

std::optional<std::size_t> unsent_bytes(int socket) {
  int count = 0;
  if (::ioctl(socket, SIOCOUTQ, &count) != 0) return std::nullopt;
  return static_cast<std::size_t>(count);
}

transport::presence presence_of_peer(int socket) {
  pollfd one{.fd = socket, .events = POLLRDHUP, .revents = 0};
  if (::poll(&one, 1, 0) <= 0) return transport::presence::there;
  if ((one.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) return transport::presence::gone;
  return (one.revents & POLLRDHUP) != 0 ? transport::presence::silent : transport::presence::there;
}

bool has_unread_bytes(int socket) {
  int count = 0;
  return ::ioctl(socket, SIOCINQ, &count) == 0 && count > 0;
}

std::unique_ptr<transport> make_plain_transport(loop_socket socket) {
  return std::make_unique<plain_transport>(std::move(socket));
}

std::unique_ptr<transport> make_tls_transport(loop_socket socket, asio::ssl::context& context) {
  return std::make_unique<tls_transport>(std::move(socket), context);
}

}  // namespace dossier::http
