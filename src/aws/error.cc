#include "aws/error.h"

#include <utility>

namespace dossier::aws {
namespace {

constexpr std::chrono::seconds try_again_after{5};

}  // namespace

base::error to_base(const error& failed) {
  using enum base::error_code;
  switch (failed.kind) {
    case not_found:
      return {not_found, "That is not there."};
    case conflict:
      return {conflict, "Something else is being done with it. Try again."};
    case stale:
      return {stale, "It has changed in the meantime."};
    case invalid:
    case malformed:
    case gone:
    case internal:
      return {internal, "Something went wrong on our side."};
    case too_large:
      return {too_large, "That is too large."};
    case no_space:
      return {no_space, "There is no room left."};
    case unauthorized:  // that we may not is nothing that a visitor could mend
    case rate_limited:
    case timed_out:
    case unavailable:
      break;
  }
  return {unavailable,
          "A store is not available. Try again in a moment.",
          {},
          failed.retry_after.value_or(try_again_after)};
}

error not_implemented(std::string detail) {
  return {base::error_code::unavailable, "NotImplemented", std::move(detail), {}, 0, {}};
}

bool is_not_implemented(const error& failed) {
  return failed.status == 501 || failed.status == 405 || failed.code == "NotImplemented" ||
         failed.code == "MethodNotAllowed" || failed.code == "XNotImplemented";
}

// "Forbidden" is a 403 that has no code of its own: the answer to a HEAD, or that of a policy on the way.
bool is_denied(const error& failed) {
  return failed.code == "Forbidden" || failed.code == "AccessDenied" ||
         failed.code == "AccessDeniedException" || failed.code == "AllAccessDisabled" ||
         failed.code == "UnauthorizedOperation";
}

error invalid_answer(std::string detail) {
  return {base::error_code::unavailable, "InvalidAnswer", std::move(detail), {}, 0, {}};
}

}  // namespace dossier::aws
