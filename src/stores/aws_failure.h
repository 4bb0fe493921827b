// Turns an error of AWS into the error that a store of the domain answers.
#pragma once

#include "aws/error.h"
#include "base/result.h"

namespace dossier::stores {

// unavailable, no_space or internal: what AWS refuses or does not find is not the client's fault. A caller
// for which `not_found` has a meaning looks at the code before.
base::error store_failure(const aws::error& failed);

inline std::unexpected<base::error> store_failed(const aws::error& failed) {
  return std::unexpected(store_failure(failed));
}

}  // namespace dossier::stores
