#include "aws/error_answer.h"

#include <algorithm>

#include "aws/ascii.h"
#include "aws/dates.h"
#include "aws/error_kind.h"
#include "aws/json.h"
#include "aws/xml.h"

namespace dossier::aws {
namespace {

constexpr std::size_t longest_document = std::size_t{64} << 10;

// A region's name and nothing else: it is shown, and typed by whoever sets it up.
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
  return given != nullptr ? parse_http_date(ascii_trim(*given)) : std::nullopt;
}

// Seconds, or a date: RFC 9110, 10.2.3. The answer's own date says how far off that one is.
std::optional<std::chrono::seconds> retry_after(const response& answer,
                                                std::optional<base::time_point> answered) {
  static constexpr std::chrono::seconds longest{3600};
  const auto* given = answer.find("Retry-After");
  if (given == nullptr) return std::nullopt;
  const auto text = ascii_trim(*given);
  if (const auto seconds = to_number(text)) {
    return std::chrono::seconds(std::min<std::uint64_t>(*seconds, longest.count()));
  }
  const auto then = parse_http_date(text);
  if (!then || !answered) return std::nullopt;
  return std::clamp(std::chrono::ceil<std::chrono::seconds>(*then - *answered), std::chrono::seconds(0),
                    longest);
}

// In answer to a signature that does not match, AWS's JSON services quote the request as they would have
// signed it, the session token with it.
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
  const auto body = ascii_trim(answer.body);
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

}  // namespace dossier::aws
