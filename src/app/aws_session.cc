#include "app/aws_session.h"

#include <fmt/format.h>

#include "app/run_to_end.h"
#include "aws/endpoints.h"
#include "aws/rds_token.h"
#include "aws/secrets_manager.h"
#include "aws/settings.h"
#include "aws/ssm.h"

namespace dossier::app {
namespace {

using base::result;

std::string_view service_of(const reference& which) {
  return which.where == reference::place::parameter ? "Parameter Store" : "Secrets Manager";
}

// AWS's words went to the log; these are for the terminal of whoever starts the process.
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

aws_session::aws_session(aws::environment variables, base::call_observer observer)
    : variables_(std::move(variables)), observer_(std::move(observer)) {}

aws_session::~aws_session() = default;

result<aws::access*> aws_session::access() {
  const std::lock_guard hold(making_);
  if (!access_) {
    auto found = aws::load_settings(variables_);
    if (!found) return base::pass(found);
    auto made = aws::make_access(std::move(*found), clock_, random_, {.observer = observer_});
    if (!made) return base::pass(made);
    access_ = std::move(*made);
  }
  return access_.get();
}

void aws_session::stop() {
  const std::lock_guard hold(making_);
  if (access_) access_->stop();
}

result<std::string> aws_session::read(const reference& which) {
  auto reached = access();
  if (!reached) return base::pass(reached);
  const bool parameter = which.where == reference::place::parameter;
  auto where =
      aws::endpoint_of((*reached)->settings(), parameter ? aws::service::ssm : aws::service::secrets_manager);
  if (!where) return base::pass(where);
  auto value = run_to_end(fetch((*reached)->calls(), *where, which));
  if (!value) return explain(which, *where, value.error());
  return std::move(*value);
}

result<std::string> aws_session::database_token(const std::string& host, std::uint16_t port,
                                                const std::string& user) {
  auto reached = access();
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
