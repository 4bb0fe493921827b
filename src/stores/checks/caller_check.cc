#include "stores/checks/caller_check.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "aws/signing/dates.h"
#include "stores/checks/mysql_rules.h"

namespace dossier::stores {
namespace {

using domain::store_finding;
using domain::store_report;
using enum domain::severity;
using namespace std::chrono_literals;

}  // namespace

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
