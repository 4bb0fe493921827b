#include "aws/answer.h"

#include <algorithm>
#include <utility>

#include "aws/error.h"
#include "aws/services/json.h"
#include "aws/services/xml.h"
#include "aws/signing/dates.h"
#include "base/ascii.h"
#include "base/expects.h"
#include "base/log.h"

namespace dossier::aws {
namespace {

constexpr std::size_t longest_document = std::size_t{64} << 10;

// The text if it can be a region's name, otherwise nothing, because the operator reads it and copies it into
// the settings.
std::string region_in(std::string text) {
  const auto fits = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  };
  if (text.size() > 40 || !std::ranges::all_of(text, fits)) text.clear();
  return text;
}

// <Error>… of S3, <ErrorResponse><Error>… of STS.
bool read_xml(std::string_view body, error& into) {
  pugi::xml_document document;
  if (!parse_xml(body, document)) return false;
  const auto outer = document.document_element();
  const auto inner = std::string_view(outer.name()) == "ErrorResponse" ? outer.child("Error") : outer;
  if (std::string_view(inner.name()) != "Error") return false;
  into.code = xml_text(inner, "Code");
  into.message = xml_text(inner, "Message");
  into.request_id = xml_text(outer, "RequestId");
  if (into.code == "AuthorizationHeaderMalformed") into.region = region_in(xml_text(inner, "Region"));
  return true;
}

// "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "Code:http://…" → the code.
std::string bare_code(std::string_view type) {
  type = type.substr(0, type.find(':'));
  const auto hash = type.rfind('#');
  return std::string(hash == std::string_view::npos ? type : type.substr(hash + 1));
}

bool read_json(std::string_view body, error& into) {
  boost::json::object object;
  if (!parse_json(body, object)) return false;
  auto type = text_member(object, "__type");
  if (type.empty()) type = text_member(object, "code");
  into.code = bare_code(type);
  into.message = text_member(object, "message");
  if (into.message.empty()) into.message = text_member(object, "Message");
  return true;
}

std::string code_of_status(int status) {
  switch (status) {
    case 301:
    case 307:
      return "PermanentRedirect";  // the bucket is in another region
    case 304:
      return "NotModified";
    case 400:
      return std::string(bare_bad_request);
    case 403:
      return std::string(bare_forbidden);
    case 404:
      return "NotFound";
    case 412:
      return "PreconditionFailed";
    case 416:
      return "InvalidRange";
    case 503:
      return "ServiceUnavailable";
    default:
      return "Status" + std::to_string(status);
  }
}

std::optional<base::time_point> date_of(const response& answer) {
  const auto* given = answer.find("Date");
  return given != nullptr ? parse_http_date(base::ascii_trim(*given)) : std::nullopt;
}

// Seconds, or a date: RFC 9110, 10.2.3. A date is compared with the answer's own date.
std::optional<std::chrono::seconds> retry_after(const response& answer,
                                                std::optional<base::time_point> answered) {
  static constexpr std::chrono::seconds longest{3600};
  const auto* given = answer.find("Retry-After");
  if (given == nullptr) return std::nullopt;
  const auto text = base::ascii_trim(*given);
  if (const auto seconds = to_number(text)) {
    return std::chrono::seconds(std::min<std::uint64_t>(*seconds, longest.count()));
  }
  const auto then = parse_http_date(text);
  if (!then || !answered) return std::nullopt;
  return std::clamp(std::chrono::ceil<std::chrono::seconds>(*then - *answered), std::chrono::seconds(0),
                    longest);
}

// When a signature does not match, AWS's JSON services quote the request that they expected, which includes
// the session token.
bool repeats_request(const error& found) {
  return tells_bad_signature(found.code) || found.message.contains("x-amz-security-token") ||
         found.message.contains("X-Amz-Security-Token");
}

}  // namespace

bool is_error_document(std::string_view body) {
  error ignored;
  return body.size() <= longest_document && read_xml(body, ignored);
}

error parse_error(std::string_view service, const response& answer) {
  error found;
  found.status = answer.status;
  const auto body = base::ascii_trim(answer.body);
  if (body.size() <= longest_document) {
    if (body.starts_with('<')) read_xml(body, found);
    if (body.starts_with('{')) read_json(body, found);
  }
  if (const auto* type = answer.find("x-amzn-ErrorType"); type != nullptr && found.code.empty()) {
    found.code = bare_code(*type);
  }
  if (found.code.empty()) found.code = code_of_status(answer.status);
  for (const auto* name : {"x-amz-request-id", "x-amzn-RequestId"}) {
    const auto* id = answer.find(name);
    if (id != nullptr && found.request_id.empty()) found.request_id = *id;
  }
  if (const auto* region = answer.find("x-amz-bucket-region"); region != nullptr && answer.status < 400) {
    found.region = region_in(*region);
    found.message += " the bucket is in " + found.region;
  }
  if (repeats_request(found)) found.message.clear();
  found.date = date_of(answer);
  found.retry_after = retry_after(answer, found.date);
  found.kind = kind_of_code(service, found.code, answer.status);
  return found;
}

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
  base::not_reached();
}

error refused(const request& what, const response& answer) {
  auto failed = parse_error(what.what.service, answer);
  // The request was signed for a region that is not the bucket's. S3's answer to a HEAD has no code for that.
  const auto* header = answer.find("x-amz-bucket-region");
  const auto region = header != nullptr ? region_in(*header) : std::string();
  if (failed.code == bare_bad_request && !region.empty() && region != what.where.region) {
    failed.code = "AuthorizationHeaderMalformed";
    failed.message = "the bucket is in " + region;
    failed.region = region;
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

awaitable<outcome<response>> outcome_of(const request& what, sent<response> answered) {
  if (!answered) co_return std::unexpected(to_error(answered.error()));
  if (!went_well(answered->status)) co_return std::unexpected(refused(what, *answered));
  // S3 may answer 200 and then fail to complete a multipart upload.
  if (what.what.service == "s3" && what.method == "POST" && is_error_document(answered->body)) {
    answered->status = 500;
    co_return std::unexpected(parse_error(what.what.service, *answered));
  }
  co_return std::move(*answered);
}

awaitable<outcome<streamed_response>> outcome_of(const request& what, sent<streamed_response> answered) {
  if (!answered) co_return std::unexpected(to_error(answered.error()));
  if (went_well(answered->status)) co_return std::move(*answered);
  base::expects(answered->body != nullptr, "a streamed answer has a body");
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
