#include "aws/judging.h"

#include <utility>

#include "aws/error_answer.h"
#include "aws/error_kind.h"
#include "base/log.h"

namespace dossier::aws {
namespace {

constexpr std::size_t longest_error = std::size_t{64} << 10;
constexpr std::size_t longest_logged = 500;

bool went_well(int status) {
  return status >= 200 && status < 300;
}

error to_error(const transport_error& failed) {
  const auto make = [&](base::error_code kind, const char* code) {
    return error{kind, code, failed.detail, {}, 0, {}};
  };
  using enum base::error_code;
  switch (failed.problem) {
    case transport_problem::connect:
      return make(unavailable, "ConnectionFailed");
    case transport_problem::tls:
      return make(unavailable, "CertificateRefused");
    case transport_problem::timed_out:
      return make(timed_out, "TimedOut");
    case transport_problem::cut:
      return make(unavailable, "ConnectionCut");
    case transport_problem::too_large:
      return make(too_large, "AnswerTooLarge");
    case transport_problem::busy:
      return make(unavailable, "TooManyCalls");
    case transport_problem::body:
      return make(internal, "BodyUnreadable");
    case transport_problem::cancelled:
      return make(unavailable, "Cancelled");
  }
  std::unreachable();
}

error refused(const request& what, const response& answer) {
  auto failed = parse_error(what.what.service, answer);
  // Signed for another region than the bucket's: told to HEAD without a code.
  const auto* region = answer.find("x-amz-bucket-region");
  if (failed.code == bare_bad_request && region != nullptr && *region != what.where.region) {
    failed.code = "AuthorizationHeaderMalformed";
    failed.message = "the bucket is in " + *region;
    failed.region = *region;
  }
  return failed;
}

awaitable<std::string> start_of(base::byte_source& body) {
  std::string text;
  while (text.size() < longest_error) {
    const auto more = co_await body.next();
    if (!more || more->empty()) break;
    text.append(reinterpret_cast<const char*>(more->data()), more->size());
  }
  co_return text;
}

}  // namespace

awaitable<outcome<response>> judge(const request& what, sent<response> answered) {
  if (!answered) co_return std::unexpected(to_error(answered.error()));
  if (!went_well(answered->status)) co_return std::unexpected(refused(what, *answered));
  // S3 may find out late that a multipart upload cannot be completed.
  if (what.what.service == "s3" && what.method == "POST" && is_error_document(answered->body)) {
    answered->status = 500;
    co_return std::unexpected(parse_error(what.what.service, *answered));
  }
  co_return std::move(*answered);
}

awaitable<outcome<streamed_response>> judge(const request& what, sent<streamed_response> answered) {
  if (!answered) co_return std::unexpected(to_error(answered.error()));
  if (went_well(answered->status)) co_return std::move(*answered);
  response whole{answered->status, std::move(answered->headers), co_await start_of(*answered->body)};
  co_return std::unexpected(refused(what, whole));
}

void log_failure(const operation& what, const error& failed, int attempts) {
  using enum base::error_code;
  const bool expected = failed.kind == not_found || failed.kind == conflict || failed.kind == stale;
  if (expected) {
    base::log_debug("call to AWS",
                    {{"service", what.service}, {"operation", what.name}, {"code", failed.code}});
    return;
  }
  const auto message = failed.message.substr(0, longest_logged);
  if (failed.kind == unauthorized) {
    base::log_error("AWS refused a call", {{"service", what.service},
                                           {"operation", what.name},
                                           {"permission", what.permission},
                                           {"code", failed.code},
                                           {"request_id", failed.request_id},
                                           {"message", message}});
    return;
  }
  base::log_warning("call to AWS failed", {{"service", what.service},
                                           {"operation", what.name},
                                           {"code", failed.code},
                                           {"status", failed.status},
                                           {"request_id", failed.request_id},
                                           {"attempts", attempts},
                                           {"message", message}});
}

}  // namespace dossier::aws
