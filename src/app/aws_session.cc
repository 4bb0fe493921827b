#include "app/aws_session.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/run_to_end.h"
#include "app/termination.h"
#include "aws/endpoints.h"
#include "aws/services/secrets.h"
#include "aws/settings.h"
#include "base/expects.h"
#include "base/log.h"

namespace dossier::app {
namespace {

using base::result;

constexpr std::chrono::milliseconds looks_up_every{200};

std::string_view service_of(const reference& which) {
  return which.where == reference::place::parameter ? "Parameter Store" : "Secrets Manager";
}

// AWS's own words are in the log; these are for the person who starts the process.
std::unexpected<base::error> explain(const reference& which, const aws::endpoint& where,
                                     const aws::error& problem) {
  const auto service = service_of(which);
  auto answer = aws::to_base(problem);
  switch (problem.kind) {
    case base::error_code::not_found:
      answer.message = fmt::format("{} of {} has no {}.", service, where.region, which.name);
      break;
    case base::error_code::unauthorized:
      answer.message = fmt::format(
          "{} does not let this process read {} ({}). Allow {}, or see which credentials it has.", service,
          which.name, problem.code,
          which.where == reference::place::parameter ? "ssm:GetParameter" : "secretsmanager:GetSecretValue");
      break;
    case base::error_code::invalid:
      answer.message = which.key.empty()
                           ? fmt::format("{} does not understand {} ({}).", service, which.name, problem.code)
                           : fmt::format("The secret {} has no \"{}\".", which.name, which.key);
      break;
    default:
      answer.message =
          fmt::format("{} cannot be asked for {} ({}). Try again later.", service, which.name, problem.code);
  }
  return std::unexpected(std::move(answer));
}

bool passes(const aws::error& problem) {
  return problem.kind == base::error_code::rate_limited || problem.kind == base::error_code::timed_out ||
         problem.kind == base::error_code::unavailable;
}

awaitable<aws::outcome<std::string>> fetch(aws::client& calls, aws::endpoint where, reference which) {
  if (which.where == reference::place::parameter) {
    auto answer = co_await calls.call(aws::ssm::get_parameter(where, which.name));
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    co_return aws::ssm::parse_parameter(*answer);
  }
  auto answer = co_await calls.call(aws::secrets_manager::get_secret_value(where, which.name));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  co_return aws::secrets_manager::parse_secret(*answer, which.key);
}

}  // namespace

reading_patience patience_at_start() {
  return {.whole = std::chrono::minutes(1), .is_over = [] {
            return termination::is_asked();
          }};
}

aws_session::aws_session(aws::environment variables, base::call_observer observer, reading_patience patience)
    : variables_(std::move(variables)), observer_(std::move(observer)), patience_(std::move(patience)) {
  base::expects(patience_.first_pause.count() > 0 && patience_.first_pause <= patience_.longest_pause,
                "there is a pause between two attempts, and it does not shrink");
}

aws_session::~aws_session() = default;

result<aws::session*> aws_session::open() {
  const std::lock_guard hold(making_);
  if (!access_) {
    auto found = aws::load_settings(variables_);
    if (!found) return base::pass(found);
    auto made = aws::make_session(std::move(*found), clock_, random_, {.observer = observer_});
    if (!made) return base::pass(made);
    access_ = std::move(*made);
  }
  return access_.get();
}

void aws_session::stop() {
  no_more_patience();
  const std::lock_guard hold(making_);
  if (access_) access_->stop();
}

void aws_session::no_more_patience() {
  {
    const std::lock_guard hold(pausing_);
    hurry_ = true;
  }
  hurried_.notify_all();
}

// Returns false once the patience has ended, and then at every call.
bool aws_session::pause(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  std::unique_lock lock(pausing_);
  while (!hurry_) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= end) return true;
    hurried_.wait_until(lock, std::min(end, now + looks_up_every));
    hurry_ = hurry_ || (patience_.is_over && patience_.is_over());
  }
  return false;
}

void aws_session::tell_again(const reference& which, const aws::error& problem,
                             std::chrono::milliseconds wait) const {
  base::log_warning("a setting kept elsewhere cannot be read yet, trying again",
                    {{"service", service_of(which)},
                     {"name", which.name},
                     {"code", problem.code},
                     {"again_in_ms", wait.count()}});
  if (!patience_.tell) return;
  patience_.tell(fmt::format("{} cannot be asked for {} yet ({}); trying again.", service_of(which),
                             which.name, problem.code));
}

result<std::string> aws_session::read(const reference& which) {
  auto reached = open();
  if (!reached) return base::pass(reached);
  const bool parameter = which.where == reference::place::parameter;
  auto where =
      aws::endpoint_of((*reached)->settings(), parameter ? aws::service::ssm : aws::service::secrets_manager);
  if (!where) return base::pass(where);
  const auto give_up = std::chrono::steady_clock::now() + patience_.whole;
  for (auto wait = patience_.first_pause;; wait = std::min(wait * 2, patience_.longest_pause)) {
    auto value = run_to_end(fetch((*reached)->calls(), *where, which));
    if (value) return std::move(*value);
    const bool again = passes(value.error()) && std::chrono::steady_clock::now() + wait <= give_up;
    if (again) tell_again(which, value.error(), wait);
    if (!again || !pause(wait)) return explain(which, *where, value.error());
  }
}

result<std::string> aws_session::database_token(const std::string& host, std::uint16_t port,
                                                const std::string& user) {
  auto reached = open();
  if (!reached) return base::pass(reached);
  const auto& region = (*reached)->settings().region;
  if (region.empty()) {
    return base::fail(base::error_code::invalid, "RDS tokens need a region: set AWS_REGION.");
  }
  auto token = run_to_end(
      aws::rds_token((*reached)->calls(), {.host = host, .port = port, .user = user, .region = region}));
  if (!token) return std::unexpected(aws::to_base(token.error()));
  return std::move(*token);
}

}  // namespace dossier::app
