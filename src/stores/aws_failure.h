// An error of AWS as the domain's stores tell it.
#pragma once

#include "aws/error.h"
#include "base/result.h"

namespace dossier::stores {

// unavailable, with a retry_after, or internal: what AWS refuses or does not find is no fault of who asked.
// Where an absent thing means something, look at the code before.
base::error store_failure(const aws::error& failed);

inline std::unexpected<base::error> store_failed(const aws::error& failed) {
  return std::unexpected(store_failure(failed));
}

}  // namespace dossier::stores
