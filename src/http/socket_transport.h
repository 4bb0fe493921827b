// Transports over TCP sockets. A socket has its loop's concrete executor type, which is faster than a
// type-erased executor.
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
