// For whom something is done. What is scarce is shared fairly among callers, and nothing is done any more for
// one who has left.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace dossier::base {

struct caller {
  // Whose share it is: a client's address. Empty: our own work, as the worker's or a command's.
  std::string name = {};
  // Looks from now on whether the caller is still there; the token says when it has left. Asked on the
  // caller's own loop, by whoever makes it wait, and only while it waits. Empty: it stays.
  std::function<std::stop_token()> watch = {};
};

}  // namespace dossier::base
