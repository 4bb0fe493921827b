// An error of a call to AWS, with AWS's code and with our own.
//
// The client logs AWS's code and request id. Stores return to_base(error): a code of the domain and a
// sentence that is safe to show. AWS's own message appears only in the log.
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
  std::string code;  // AWS's, such as NoSuchKey; without an answer our own, such as ConnectionFailed
  // AWS's own words: for the log, never for a page. Empty when they would repeat the signed request.
  std::string message;
  std::string request_id;  // what AWS's support asks for
  int status = 0;          // of HTTP; 0 without an answer
  std::optional<std::chrono::seconds> retry_after = {};
  std::optional<base::time_point> date = {};  // of the answer, by AWS's clock
  std::string region = {};                    // of the bucket, when the request went to another region
};

template <class T>
using outcome = std::expected<T, error>;

inline std::unexpected<error> pass_error(error failed) {
  return std::unexpected(std::move(failed));
}

// The error for the domain. unavailable always comes with a retry_after.
base::error to_base(const error& failed);

// The error for an answer that cannot be understood: kind unavailable, code InvalidAnswer.
error invalid_answer(std::string detail);

// AWS, or a clone of AWS, does not know this operation. Clones say so in several ways. Trying again does not
// help.
error not_implemented(std::string detail);
bool is_not_implemented(const error& failed);
// AWS knows the caller and does not allow the call. Expired credentials do not count: they can be renewed.
bool is_denied(const error& failed);

// What AWS's error codes mean to the domain, and whether trying again helps.

// A missing bucket or table is `unavailable`, not `not_found`: then the set-up is wrong, and the caller must
// not conclude that an object does not exist.
base::error_code kind_of_code(std::string_view service, std::string_view code, int status);

bool is_throttling(std::string_view code);
bool is_transient(std::string_view code);
// A failed HEAD has no body and so no code from AWS. It gets one of these codes of ours.
inline constexpr std::string_view bare_forbidden = "Forbidden";     // 403
inline constexpr std::string_view bare_bad_request = "BadRequest";  // 400

// tells_clock_skew: the code says that our clock is wrong. may_be_clock_skew: our clock may be wrong, and the
// Date of the answer shows whether it is.
bool tells_clock_skew(std::string_view code);
bool may_be_clock_skew(std::string_view code);
// The signature is not the one that AWS expects, for any reason.
bool tells_bad_signature(std::string_view code);
// The session token has expired, or AWS does not know the keys (any more). Other credentials are needed.
bool tells_useless_credentials(std::string_view code);

}  // namespace dossier::aws
