#include "aws/credentials/credentials.h"

#include <utility>

#include "aws/services/json.h"
#include "aws/services/xml.h"
#include "aws/signing/dates.h"

namespace dossier::aws {

awaitable<outcome<credentials>> static_credentials::get() {
  co_return always_;
}

error no_credentials(std::string detail) {
  return {base::error_code::unauthorized, "NoCredentials", std::move(detail), {}, 0, {}};
}

namespace {

// The error never repeats the text itself, because that holds secrets.
std::unexpected<error> useless(const char* what) {
  return pass_error({base::error_code::unavailable, "InvalidCredentials", what, {}, 0, {}});
}

outcome<credentials> complete(credentials found, const std::string& expiration) {
  if (found.access_key.empty() || found.secret_key.empty()) return useless("keys are missing");
  if (!expiration.empty()) {
    found.expires = parse_iso_date(expiration);
    if (!found.expires) return useless("the time of expiry cannot be read");
  }
  return found;
}

}  // namespace

outcome<credentials> parse_json_credentials(std::string_view text) {
  boost::json::object document;
  if (!parse_json(text, document)) return useless("not a JSON object");
  const auto code = text_member(document, "Code");
  if (!code.empty() && code != "Success") return useless("the endpoint has no credentials at the moment");
  auto token = text_member(document, "Token");
  if (token.empty()) token = text_member(document, "SessionToken");
  return complete(
      {text_member(document, "AccessKeyId"), text_member(document, "SecretAccessKey"), std::move(token)},
      text_member(document, "Expiration"));
}

outcome<credentials> parse_sso_credentials(std::string_view text) {
  boost::json::object document;
  if (!parse_json(text, document)) return useless("not a JSON object");
  const auto* role = object_member(document, "roleCredentials");
  if (role == nullptr) return useless("no role credentials");
  auto found = complete({text_member(*role, "accessKeyId"), text_member(*role, "secretAccessKey"),
                         text_member(*role, "sessionToken")},
                        {});
  const auto* expiration = role->if_contains("expiration");
  if (found && expiration != nullptr && expiration->is_int64()) {
    found->expires = base::time_point(std::chrono::milliseconds(expiration->get_int64()));
  }
  return found;
}

outcome<credentials> parse_sts_credentials(std::string_view text) {
  pugi::xml_document document;
  if (!parse_xml(text, document)) return useless("not XML");
  // <AssumeRole…Response><AssumeRole…Result><Credentials>
  for (const auto& result : document.document_element().children()) {
    const auto given = result.child("Credentials");
    if (!given) continue;
    return complete(
        {xml_text(given, "AccessKeyId"), xml_text(given, "SecretAccessKey"), xml_text(given, "SessionToken")},
        xml_text(given, "Expiration"));
  }
  return useless("no credentials");
}

}  // namespace dossier::aws
