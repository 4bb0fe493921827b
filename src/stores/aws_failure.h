// Turns an error of AWS into the error that a store returns to the domain.
#pragma once

#include "aws/error.h"
#include "base/result.h"

namespace dossier::stores {

// Answers unavailable, no_space or internal, because it is not the client's fault when AWS refuses a call or
// does not find something. A caller that treats `not_found` differently has to check `failed.kind` first.
base::error store_failure(const aws::error& failed);

inline std::unexpected<base::error> store_failed(const aws::error& failed) {
  return std::unexpected(store_failure(failed));
}

}  // namespace dossier::stores
