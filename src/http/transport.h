// What a session reads from and writes to: a TCP connection, TLS over one, or memory in tests.
//
// Every operation runs on the connection's event loop. At most one waits at a time; cancel() ends it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include <boost/asio/buffer.hpp>

#include "base/async.h"
#include "base/byte_source.h"

namespace dossier::http {

class transport {
 public:
  virtual ~transport() = default;

  virtual awaitable<bool> handshake() = 0;
  // Reads some bytes and returns how many; 0 at the end of the stream, after an error or a cancellation.
  virtual awaitable<std::size_t> read_some(std::span<char> into) = 0;
  // Whether read_some() would return bytes at once, as far as is known.
  virtual bool readable() const = 0;
  // Sends some of the bytes, at least one, and returns how many; 0 after an error or a cancellation. `more`:
  // other bytes follow at once.
  virtual awaitable<std::size_t> write_some(std::span<const asio::const_buffer> pieces, bool more) = 0;
  // Whether send_file() works here.
  virtual bool sends_files() const = 0;
  // Sends some of the region, as write_some() does. 0 also when the file is shorter than the region.
  virtual awaitable<std::size_t> send_file(base::file_region region) = 0;
  // Tells the peer that nothing follows.
  virtual awaitable<void> finish() = 0;
  // How many written bytes the peer has not taken yet; nothing when that is unknown.
  virtual std::optional<std::size_t> unsent() const = 0;
  // Whether bytes may still arrive after finish(), which we must read so that the peer sees our answer.
  virtual bool lingers() const = 0;

  // Whether the peer is still there, as far as is known now. `silent`: it has ended its sending side; whether
  // it still reads is unknown.
  enum class presence { there, silent, gone };
  virtual presence peer() const { return presence::there; }
  // Sends this without waiting, unless other bytes are still unsent. Returns whether it did.
  virtual bool send_at_once(std::string_view) { return false; }

  virtual void cancel() = 0;
  virtual void close() = 0;
  // Closes with a reset, which the peer cannot take for the orderly end of an answer.
  virtual void abort() = 0;
};

}  // namespace dossier::http
