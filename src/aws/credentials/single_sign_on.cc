#include "aws/credentials/single_sign_on.h"

#include <openssl/evp.h>

#include <array>
#include <utility>

#include "aws/request.h"
#include "aws/services/json.h"
#include "aws/signing/dates.h"
#include "base/encoding.h"

namespace dossier::aws {
namespace {

std::string value(const profile& of, std::string_view name) {
  const auto found = of.find(name);
  return found == of.end() ? std::string() : found->second;
}

// AWS's tools use as the file's name the SHA-1 of the session's name, or of the start URL when there is no
// session.
std::string cache_file(std::string_view name) {
  std::array<std::byte, 20> digest{};
  unsigned length = 0;
  EVP_Digest(name.data(), name.size(), reinterpret_cast<unsigned char*>(digest.data()), &length, EVP_sha1(),
             nullptr);
  return "~/.aws/sso/cache/" + base::hex_encode(digest) + ".json";
}

}  // namespace

std::expected<single_sign_on, std::string> single_sign_on_of(const profile& said, const profiles& all) {
  single_sign_on found{value(said, "sso_account_id"), value(said, "sso_role_name"), {}, {}};
  if (found.role.empty()) return std::unexpected("sso_role_name is missing");
  const auto session = value(said, "sso_session");
  if (session.empty()) {
    found.region = value(said, "sso_region");
    found.cache_file = cache_file(value(said, "sso_start_url"));
  } else {
    const auto place = all.sso_sessions.find(session);
    if (place == all.sso_sessions.end()) return std::unexpected("there is no sso-session " + session);
    found.region = value(place->second, "sso_region");
    found.cache_file = cache_file(session);
  }
  if (found.region.empty()) return std::unexpected("sso_region is missing");
  return found;
}

std::expected<http_request, std::string> single_sign_on_request(const single_sign_on& session,
                                                                std::string_view host,
                                                                std::string_view cached_token,
                                                                base::time_point now) {
  boost::json::object cached;
  auto token = parse_json(cached_token, cached) ? text_member(cached, "accessToken") : std::string();
  const auto expires = parse_iso_date(text_member(cached, "expiresAt"));
  if (token.empty() || !expires)
    return std::unexpected("the sign-on cache cannot be read: run aws sso login");
  if (*expires <= now) return std::unexpected("the sign-on has expired: run aws sso login");
  http_request made;
  made.url = "https://" + std::string(host) + "/federation/credentials?" +
             encode_query({{"role_name", session.role}, {"account_id", session.account}});
  made.headers.push_back({"x-amz-sso_bearer_token", std::move(token)});
  made.limits = {.whole = std::chrono::seconds(10)};
  return made;
}

}  // namespace dossier::aws
