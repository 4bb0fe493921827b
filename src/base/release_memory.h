// Gives back the memory of a string. Assigning an empty one does not: it keeps what it has for later.
#pragma once

#include <string>

namespace dossier::base {

inline void release_memory(std::string& text) {
  std::string().swap(text);
}

}  // namespace dossier::base
