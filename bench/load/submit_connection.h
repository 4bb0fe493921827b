// One connection of submit_load: sends a submission and reads its answer. It does not block; the caller waits
// until the socket is ready, then calls advance().
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "load/submit_request.h"

namespace dossier::bench {

class submit_connection {
 public:
  enum class waits_for { writable, answer };
  using clock = std::chrono::steady_clock;

  submit_connection(const submit_settings& settings, std::span<const char> noise);
  ~submit_connection();
  submit_connection(const submit_connection&) = delete;
  submit_connection& operator=(const submit_connection&) = delete;

  int descriptor() const { return socket_; }
  void begin(std::uint64_t number);
  // Sends what the socket takes, up to a bound. True once the whole answer has come and is a success; any
  // other answer ends the program: a run with errors has no result.
  bool advance();
  waits_for waiting() const { return waiting_; }
  clock::time_point began() const { return began_; }

 private:
  bool send_some();
  bool receive_some();
  bool answered() const;

  const submit_settings& settings_;
  std::span<const char> noise_;
  int socket_ = -1;
  submit_request request_;
  std::uint64_t sent_ = 0;
  std::uint64_t total_ = 0;
  std::string answer_;
  waits_for waiting_ = waits_for::writable;
  clock::time_point began_;
};

}  // namespace dossier::bench
