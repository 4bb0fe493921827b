#include "aws/credentials.h"

#include <utility>

namespace dossier::aws {

awaitable<outcome<credentials>> static_credentials::get() {
  co_return always_;
}

error no_credentials(std::string detail) {
  return {base::error_code::unauthorized, "NoCredentials", std::move(detail), {}, 0, {}};
}

}  // namespace dossier::aws
