// The client for which work is done. Scarce resources are shared fairly among clients, and work for a client
// that has left is stopped.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace dossier::base {

struct caller {
  // The client's address: all work under one name uses the same share. Empty for the program's own work (the
  // worker, a command).
  std::string name = {};
  // Starts to watch whether the client is still connected; the token is stopped when it has left. Call it on
  // the event loop of the client's connection, and only while the client waits for its answer. Empty: the
  // caller never leaves.
  std::function<std::stop_token()> watch = {};
};

}  // namespace dossier::base
