#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "http/socket_transport.h"

namespace dossier::http {
namespace {

constexpr auto wait_for_it = asio::as_tuple(asio::deferred);

class tls_transport final : public transport {
 public:
  tls_transport(loop_socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  awaitable<bool> handshake() override {
    auto [failed] = co_await stream_.async_handshake(asio::ssl::stream_base::server, wait_for_it);
    co_return !failed;
  }

  awaitable<std::size_t> read_some(std::span<char> into) override {
    auto [failed, count] =
        co_await stream_.async_read_some(asio::buffer(into.data(), into.size()), wait_for_it);
    co_return failed ? 0 : count;
  }

  // A record may also lie between the two, where nobody can look: then it is read into what room there is.
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

std::unique_ptr<transport> make_tls_transport(loop_socket socket, asio::ssl::context& context) {
  return std::make_unique<tls_transport>(std::move(socket), context);
}

}  // namespace dossier::http
