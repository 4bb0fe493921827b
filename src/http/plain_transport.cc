#include <poll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <linux/sockios.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <tuple>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>

#include "http/socket_transport.h"

namespace dossier::http {
namespace {

constexpr auto wait_for_it = asio::as_tuple(asio::deferred);
// What one connection may send before the others of its loop get their turn.
constexpr std::size_t turn_bytes = 4 << 20;
constexpr std::size_t one_sendfile = 1 << 20;

class plain_transport final : public transport {
 public:
  explicit plain_transport(loop_socket socket) : socket_(std::move(socket)) {}

  awaitable<bool> handshake() override { co_return true; }

  awaitable<std::size_t> read_some(std::span<char> into) override {
    auto [failed, count] =
        co_await socket_.async_read_some(asio::buffer(into.data(), into.size()), wait_for_it);
    co_return failed ? 0 : count;
  }

  bool readable() const override {
    return has_unread_bytes(const_cast<loop_socket&>(socket_).native_handle());
  }

  // Tries to send before it waits: a small answer goes out in one system call, without the reactor.
  awaitable<std::size_t> write_some(std::span<const asio::const_buffer> pieces, bool more) override {
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

}  // namespace

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

}  // namespace dossier::http
