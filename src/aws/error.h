// What went wrong in a call to AWS, in AWS's words and in ours.
//
// The client logs code and request id where it happens. What leaves the store is to_base(error): a code of
// the domain and a sentence that is safe to show; AWS's own message never goes further than the log.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace dossier::aws {

struct error {
  base::error_code kind = base::error_code::internal;
  std::string code;  // AWS's, as NoSuchKey; without an answer one of ours, as ConnectionFailed
  // AWS's own words: for the log, never for a page. Empty where they would repeat the signed request.
  std::string message;
  std::string request_id;  // what AWS's support asks for
  int status = 0;          // of HTTP; 0 without an answer
  std::optional<std::chrono::seconds> retry_after = {};
  std::optional<base::time_point> date = {};  // of the answer, by the other side's clock
  std::string region = {};                    // the bucket's, when the request went to another
};

template <class T>
using outcome = std::expected<T, error>;

inline std::unexpected<error> pass_error(error failed) {
  return std::unexpected(std::move(failed));
}

// unavailable comes with a retry_after, always.
base::error to_base(const error& failed);

// The answer came but is not what it should be: kind unavailable, code InvalidAnswer.
error invalid_answer(std::string detail);

// The other side does not know this operation: as told by some clones of AWS, in one of several ways. Trying
// again does not help.
error not_implemented(std::string detail);
bool is_not_implemented(const error& failed);
// AWS knows who asks, and does not allow it. Not of credentials that have expired, which passes.
bool is_denied(const error& failed);

}  // namespace dossier::aws
