#include "stores/aws_failure.h"

namespace dossier::stores {

base::error store_failure(const aws::error& failed) {
  using enum base::error_code;
  auto answer = aws::to_base(failed);
  if (aws::is_denied(failed)) {
    return {internal,
            "A store does not allow this server to do that, and trying again will not help: its operator has "
            "to allow it. The log names the permission."};
  }
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
