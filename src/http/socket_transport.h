// Transports over sockets. The socket's executor is its loop's own type: no type erasure on the hot path.
#pragma once

#include <memory>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "http/transport.h"

namespace boost::asio::ssl {
class context;
}

namespace dossier::http {

using loop_socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

// How many bytes the kernel holds for the peer: not sent, or not acknowledged. Nothing when it does not say.
std::optional<std::size_t> unsent_bytes(int socket);
transport::presence presence_of_peer(int socket);
// Whether the kernel holds bytes that we have not read yet.
bool has_unread_bytes(int socket);

std::unique_ptr<transport> make_plain_transport(loop_socket socket);
// The context outlives the transport.
std::unique_ptr<transport> make_tls_transport(loop_socket socket, asio::ssl::context& context);

}  // namespace dossier::http
