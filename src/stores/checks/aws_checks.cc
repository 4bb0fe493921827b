#include "stores/checks/aws_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "aws/signing/dates.h"
#include "stores/checks/mysql_rules.h"

namespace dossier::stores {
namespace {

using base::error_code;
using domain::severity;
using domain::store_finding;

constexpr std::array<std::string_view, 12> about_credentials{
    "NoCredentials",        "PartialCredentials",    "InvalidAccessKeyId",   "InvalidClientTokenId",
    "InvalidToken",         "SignatureDoesNotMatch", "ExpiredToken",         "ExpiredTokenException",
    "RequestTimeTooSkewed", "IncompleteSignature",   "InvalidIdentityToken", "UnrecognizedClientException"};

using domain::store_finding;
using domain::store_report;
using enum domain::severity;
using namespace std::chrono_literals;

}  // namespace

bool is_about_credentials(const aws::error& failed) {
  return std::ranges::find(about_credentials, failed.code) != about_credentials.end() ||
         failed.code == "InvalidSignatureException";
}

bool is_away(const aws::error& failed) {
  if (aws::is_not_implemented(failed) || !failed.region.empty()) return false;
  return is_about_credentials(failed) || failed.kind == error_code::unavailable ||
         failed.kind == error_code::timed_out || failed.kind == error_code::rate_limited;
}

store_finding explain(const aws_probe& made, const aws::error& failed) {
  if (is_about_credentials(failed)) {
    return {severity::error, "credentials",
            fmt::format("AWS does not accept this process's credentials ({}).", failed.code),
            "See where they come from, whether they have expired and whether the clock is right."};
  }
  if (failed.kind == error_code::unauthorized) {
    return {
        made.level, "permission",
        fmt::format("The permission {} is missing; it is needed for {}.", made.permission, made.needed_for),
        fmt::format("Allow {} to the role; infra/policy/dossier.json has all that is needed.",
                    made.permission)};
  }
  if (failed.code == "NoSuchBucket" || failed.code == "ResourceNotFoundException" ||
      failed.code == "TableNotFoundException") {
    return {severity::error, "exists", fmt::format("It does not exist ({}).", failed.code),
            "Make it, or name another one; see that the region and the account are the right ones."};
  }
  if (!failed.region.empty()) {
    return {severity::error, "region",
            fmt::format("The bucket is in {}, and requests go elsewhere.", failed.region),
            fmt::format("Set AWS_REGION={}.", failed.region)};
  }
  if (aws::is_not_implemented(failed) && !made.if_unknown.empty()) {
    return {severity::warning, "answer",
            fmt::format("This store does not know {}, for {} ({}).", made.permission, made.needed_for,
                        failed.code),
            std::string(made.if_unknown)};
  }
  const bool answered = (failed.status != 0 && failed.status != 503) || failed.code == "InvalidAnswer" ||
                        aws::is_not_implemented(failed);
  if (!answered && (failed.kind == error_code::unavailable || failed.kind == error_code::timed_out ||
                    failed.kind == error_code::rate_limited)) {
    return {severity::error, "reachable", fmt::format("It cannot be reached ({}).", failed.code),
            "See that the network lets this machine through, and whether AWS tells of an outage."};
  }
  if (made.tried) {
    return {made.level, "answer",
            fmt::format("It answered in a way that was not expected, for {} ({}, status {}).",
                        made.needed_for, failed.code, failed.status),
            "The log has the store's own words. See that region and endpoint are the right ones, and whether "
            "this "
            "store knows all that is set (s3.encryption, s3.checksums)."};
  }
  return {
      severity::warning, "answer",
      fmt::format("It does not say whether {} is possible ({}, status {}).", made.needed_for, failed.code,
                  failed.status),
      "See that region and endpoint are the right ones; the log has the store's own words. --probe-writes "
      "shows whether writing works all the same."};
}

std::optional<store_finding> findings_of(const aws_probe& made) {
  if (!made.failed) return std::nullopt;
  using enum error_code;
  const auto kind = made.failed->kind;
  // AWS checks the permission before it looks: these failures mean that the call is allowed.
  if (kind == not_found || kind == stale || kind == conflict) return std::nullopt;
  return explain(made, *made.failed);
}

std::vector<store_finding> check_credentials(const std::string& from,
                                             const aws::outcome<aws::credentials>& found,
                                             base::time_point now) {
  if (!found) {
    return {{error, "credentials", fmt::format("No credentials can be had ({}).", found.error().code),
             "Give the machine a role, or name a profile with AWS_PROFILE."}};
  }
  if (found->session_token.empty()) {
    return {{note, "credentials", fmt::format("The credentials come from {} and do not expire.", from),
             "A role's credentials, which are renewed by themselves, are safer."}};
  }
  if (!found->expires) {
    return {{note,
             "credentials",
             fmt::format("The credentials come from {}; when they expire is not told.", from),
             {}}};
  }
  if (*found->expires <= now) {
    return {{error, "credentials",
             fmt::format("The credentials come from {} and expired at {}.", from,
                         base::to_rfc3339(*found->expires)),
             "Sign in again, or see why they are not renewed."}};
  }
  return {{note,
           "credentials",
           fmt::format("The credentials come from {} and are valid until {}.", from,
                       base::to_rfc3339(*found->expires)),
           {}}};
}

awaitable<store_report> caller_check::look(domain::check_depth) {
  store_report report{.store = "aws"};
  const auto found = co_await session_.credentials().get();
  report.findings = check_credentials(session_.credentials().name(), found, clock_.now());
  if (!found) co_return report;

  const auto answer = co_await session_.calls().call(ask_);
  const auto after = clock_.now();
  auto ahead = session_.calls().clock_skew();  // known from refused requests
  report.reached = answer.has_value() || answer.error().status != 0;
  const auto* date = answer ? answer->find("Date") : nullptr;
  const auto theirs = date != nullptr ? aws::parse_http_date(*date) : std::nullopt;
  // The header has whole seconds, rounded down, so half a second is added.
  if (theirs && ahead == 0ms)
    ahead = std::chrono::duration_cast<std::chrono::milliseconds>(*theirs + 500ms - after);
  if (auto one = check_clock("AWS", ahead)) report.findings.push_back(std::move(*one));
  co_return report;
}

}  // namespace dossier::stores
