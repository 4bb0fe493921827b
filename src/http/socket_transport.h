// Transports over TCP sockets, plain or TLS, and the server's TLS context.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/result.h"
#include "http/transport.h"

namespace boost::asio::ssl {
class context;
}

namespace dossier::http {

// TLS for the server: version 1.2 and later, HTTP/1.1 by ALPN.
struct free_tls_context {
  void operator()(boost::asio::ssl::context* context) const;
};
using tls_context = std::unique_ptr<boost::asio::ssl::context, free_tls_context>;

// Error: invalid; the message names the file and says what is wrong with it.
base::result<tls_context> make_tls_context(const std::string& certificate_file, const std::string& key_file);

// A socket has its loop's concrete executor type, which is faster than a type-erased executor.
using loop_socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

// How many bytes the kernel holds for the peer: not sent yet, or not acknowledged. Empty when that is
// unknown.
std::optional<std::size_t> unsent_bytes(int socket);
// Whether the peer is still connected, as far as the kernel knows. Does not wait.
transport::presence presence_of_peer(int socket);
// Whether the kernel holds bytes that we have not read yet.
bool has_unread_bytes(int socket);

std::unique_ptr<transport> make_plain_transport(loop_socket socket);
// The context must outlive the transport.
std::unique_ptr<transport> make_tls_transport(loop_socket socket, asio::ssl::context& context);

}  // namespace dossier::http
