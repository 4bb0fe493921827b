// What went wrong in a call to AWS, in AWS's words and in ours.
//
// The client logs code and request id where it happens. What leaves the store is to_base(error): a code of
// the domain and a sentence that is safe to show; AWS's own message never goes further than the log.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

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
  std::string region = {};                    // of the bucket, when the request went to another region
};

template <class T>
using outcome = std::expected<T, error>;

inline std::unexpected<error> pass_error(error failed) {
  return std::unexpected(std::move(failed));
}

// The error for the domain. unavailable always comes with a retry_after.
base::error to_base(const error& failed);

// The answer came but is not what it should be: kind unavailable, code InvalidAnswer.
error invalid_answer(std::string detail);

// The other side does not know this operation. Some clones of AWS say so, in several ways. Trying again does
// not help.
error not_implemented(std::string detail);
bool is_not_implemented(const error& failed);
// AWS knows the caller and does not allow the call. Expired credentials are no denial: they can be renewed.
bool is_denied(const error& failed);

// AWS's error codes sorted: what they mean to the domain, and whether trying again helps.

// A missing bucket or table is `unavailable`, not `not_found`: the set-up is wrong then, and nobody must
// conclude that an object is gone.
base::error_code kind_of_code(std::string_view service, std::string_view code, int status);

bool is_throttling(std::string_view code);
bool is_transient(std::string_view code);
// A refusal of HEAD has no body and so no code of AWS's: these are ours.
inline constexpr std::string_view bare_forbidden = "Forbidden";     // 403
inline constexpr std::string_view bare_bad_request = "BadRequest";  // 400

// tells_: the clock is wrong. may_be_: it may be; then the answer's Date decides.
bool tells_clock_skew(std::string_view code);
bool may_be_clock_skew(std::string_view code);
// The signature is not what AWS expects, for whatever reason.
bool tells_bad_signature(std::string_view code);
// The session token is too old, or the keys are not known (any more): others are needed.
bool tells_useless_credentials(std::string_view code);

}  // namespace dossier::aws
