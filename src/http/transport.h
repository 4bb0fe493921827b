// What a session reads from and writes to: a TCP connection, TLS over one, or memory in tests.
//
// Call every function on the connection's event loop. At most one operation may wait at a time; cancel() ends
// it.
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

  // The TLS handshake, if there is one. False when it failed or was cancelled.
  virtual awaitable<bool> handshake() = 0;
  // Reads some bytes and returns how many; 0 at the end of the stream, after an error or a cancellation.
  virtual awaitable<std::size_t> read_some(std::span<char> into) = 0;
  // Whether read_some() would return bytes at once, as far as is known.
  virtual bool readable() const = 0;
  // Sends some of the bytes, at least one, and returns how many; 0 after an error or a cancellation. `more`:
  // the caller sends other bytes right after these.
  virtual awaitable<std::size_t> write_some(std::span<const asio::const_buffer> pieces, bool more) = 0;
  // Whether send_file() may be called.
  virtual bool sends_files() const = 0;
  // Sends some of the region, as write_some() does. Returns 0 also when the file is shorter than the region.
  virtual awaitable<std::size_t> send_file(base::file_region region) = 0;
  // Ends the sending side, which tells the peer that no more bytes follow.
  virtual awaitable<void> finish() = 0;
  // How many written bytes the peer has not received yet; empty when that is unknown.
  virtual std::optional<std::size_t> unsent() const = 0;
  // Whether bytes may still arrive after finish() that must be read, so that the peer sees our answer.
  virtual bool lingers() const = 0;

  // Whether the peer is still there, as far as is known now. `silent`: it has ended its sending side; whether
  // it still reads is unknown.
  enum class presence { there, silent, gone };
  virtual presence peer() const { return presence::there; }
  // Sends the text without waiting, but only when no other bytes are unsent. Returns whether all of it was
  // sent.
  virtual bool send_at_once(std::string_view) { return false; }

  virtual void cancel() = 0;
  virtual void close() = 0;
  // Closes with a reset, so that the peer cannot take this for the normal end of an answer.
  virtual void abort() = 0;
};

}  // namespace dossier::http
