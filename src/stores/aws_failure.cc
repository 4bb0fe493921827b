#include "stores/aws_failure.h"

namespace dossier::stores {

base::error store_failure(const aws::error& failed) {
  using enum base::error_code;
  auto answer = aws::to_base(failed);
  switch (answer.code) {
    case unavailable:
    case no_space:
    case internal:
      return answer;
    case too_large:
      return {internal, "A store refuses it as too large."};
    default:
      return {unavailable, "A store is not available. Try again in a moment.", {}, std::chrono::seconds(5)};
  }
}

}  // namespace dossier::stores
