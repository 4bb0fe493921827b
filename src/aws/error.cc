#include "aws/error.h"

#include <algorithm>
#include <array>
#include <span>
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
    case unauthorized:  // a visitor cannot fix our missing permissions
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

// "Forbidden" is a 403 without a code: the answer to a HEAD, or from something between here and AWS.
bool is_denied(const error& failed) {
  return failed.code == "Forbidden" || failed.code == "AccessDenied" ||
         failed.code == "AccessDeniedException" || failed.code == "AllAccessDisabled" ||
         failed.code == "UnauthorizedOperation";
}

error invalid_answer(std::string detail) {
  return {base::error_code::unavailable, "InvalidAnswer", std::move(detail), {}, 0, {}};
}

namespace {

using enum base::error_code;

template <std::size_t Count>
bool among(const std::array<std::string_view, Count>& codes, std::string_view code) {
  return std::ranges::find(codes, code) != codes.end();
}

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, and botocore's standard mode
constexpr std::array<std::string_view, 15> throttling{"Throttling",
                                                      "ThrottlingException",
                                                      "ThrottledException",
                                                      "RequestThrottledException",
                                                      "RequestThrottled",
                                                      "TooManyRequestsException",
                                                      "ProvisionedThroughputExceededException",
                                                      "TransactionInProgressException",
                                                      "RequestLimitExceeded",
                                                      "BandwidthLimitExceeded",
                                                      "LimitExceededException",
                                                      "SlowDown",
                                                      "PriorRequestNotComplete",
                                                      "EC2ThrottledException",
                                                      "Status429"};

// BadDigest: the body was damaged on its way.
constexpr std::array<std::string_view, 9> transient{"RequestTimeout",
                                                    "RequestTimeoutException",
                                                    "InternalError",
                                                    "InternalServerError",
                                                    "InternalServerException",
                                                    "ServiceUnavailable",
                                                    "ServiceUnavailableException",
                                                    "BadDigest",
                                                    "XAmzContentSHA256Mismatch"};

constexpr std::array<std::string_view, 3> skewed{"RequestTimeTooSkewed", "RequestExpired",
                                                 "RequestInTheFuture"};
constexpr std::array<std::string_view, 4> bad_signature{"InvalidSignatureException", "SignatureDoesNotMatch",
                                                        "IncompleteSignature",
                                                        "IncompleteSignatureException"};
constexpr std::array<std::string_view, 4> perhaps_skewed{"InvalidSignatureException", "SignatureDoesNotMatch",
                                                         "AuthFailure", bare_forbidden};

constexpr std::array<std::string_view, 3> expired{"ExpiredToken", "ExpiredTokenException",
                                                  "ExpiredTokenFault"};

constexpr std::array<std::string_view, 4> unknown{"InvalidAccessKeyId", "InvalidClientTokenId",
                                                  "InvalidToken", "UnrecognizedClientException"};

constexpr std::array<std::string_view, 2> missing_places{"NoSuchBucket", "TableNotFoundException"};

constexpr std::array<std::string_view, 7> missing{"ObjectLockConfigurationNotFoundError",
                                                  "NoSuchKey",
                                                  "NoSuchUpload",
                                                  "NoSuchVersion",
                                                  "NotFound",
                                                  "ParameterNotFound",
                                                  "ParameterVersionNotFound"};

constexpr std::array<std::string_view, 6> refused{"AccessDenied",          "AccessDeniedException",
                                                  "UnauthorizedOperation", "MissingAuthenticationToken",
                                                  "AllAccessDisabled",     "InvalidIdentityToken"};

base::error_code kind_of_status(int status) {
  if (status == 401 || status == 403) return unauthorized;
  if (status == 404) return not_found;
  if (status == 408) return timed_out;
  if (status == 409) return conflict;
  if (status == 412) return stale;
  if (status == 413) return too_large;
  if (status == 429) return rate_limited;
  if (status >= 500) return unavailable;
  if (status >= 400) return invalid;
  return internal;  // a redirect: the endpoint or the region is wrong
}

}  // namespace

bool is_throttling(std::string_view code) {
  return among(throttling, code);
}

bool is_transient(std::string_view code) {
  return among(transient, code);
}

bool tells_clock_skew(std::string_view code) {
  return among(skewed, code);
}

bool may_be_clock_skew(std::string_view code) {
  return among(perhaps_skewed, code) || tells_clock_skew(code);
}

bool tells_bad_signature(std::string_view code) {
  return among(bad_signature, code) || tells_clock_skew(code);
}

bool tells_useless_credentials(std::string_view code) {
  return among(expired, code) || among(unknown, code);
}

base::error_code kind_of_code(std::string_view service, std::string_view code, int status) {
  if (is_throttling(code)) return rate_limited;
  if (code == "RequestTimeout" || code == "RequestTimeoutException") return timed_out;
  if (is_transient(code) || among(missing_places, code)) return unavailable;
  if (code == "ResourceNotFoundException") return service == "dynamodb" ? unavailable : not_found;
  if (among(missing, code)) return not_found;
  const bool unproved =
      may_be_clock_skew(code) || tells_bad_signature(code) || tells_useless_credentials(code);
  if (among(refused, code) || unproved) return unauthorized;
  if (code == "ConditionalCheckFailedException" || code == "PreconditionFailed") return stale;
  if (code == "TransactionConflictException") return conflict;
  if (code == "EntityTooLarge" || code == "ItemCollectionSizeLimitExceededException") return too_large;
  return kind_of_status(status);
}

}  // namespace dossier::aws
