// The client that work is done for. What is scarce is shared fairly among callers, and work for a caller that
// has left is given up.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace dossier::base {

struct caller {
  // Whose share is used: the client's address. Empty: our own work (the worker, a command).
  std::string name = {};
  // Begins to watch whether the caller is still there; the token is stopped when it has left. Called on the
  // caller's own loop, by the code that makes it wait, and only while it waits. Empty: it never leaves.
  std::function<std::stop_token()> watch = {};
};

}  // namespace dossier::base
