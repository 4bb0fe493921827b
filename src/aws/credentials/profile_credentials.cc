#include "aws/credentials/profile_credentials.h"

#include <openssl/evp.h>

#include <array>
#include <utility>

#include "aws/credentials/container_credentials.h"
#include "aws/credentials/credentials.h"
#include "aws/credentials/credentials_request.h"
#include "aws/credentials/environment.h"
#include "aws/credentials/instance_metadata.h"
#include "aws/credentials/process.h"
#include "aws/credentials/sts.h"
#include "aws/endpoints.h"
#include "aws/request.h"
#include "aws/services/json.h"
#include "aws/signing/dates.h"
#include "aws/signing/signing.h"
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

constexpr int deepest = 5;  // how many profiles may refer to the next one
constexpr std::chrono::seconds patience_with_processes{60};

std::unexpected<error> wrong(std::string_view profile, std::string_view what) {
  return pass_error({base::error_code::unauthorized,
                     "InvalidProfile",
                     "profile " + std::string(profile) + ": " + std::string(what),
                     {},
                     0,
                     {}});
}

sts::role role_of(const profile& said) {
  return {value(said, "role_arn"), value(said, "role_session_name"), value(said, "external_id")};
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

profile_credentials::profile_credentials(settings all, transport& via, const base::clock& clock)
    : all_(std::move(all)), via_(via), clock_(clock) {}

awaitable<outcome<credentials>> profile_credentials::get() {
  const auto files = read_profiles(all_.variables);
  // Another program may be writing the file now. After this error the cache keeps its credentials while they
  // are valid.
  if (!files) co_return wrong(all_.profile, files.error().message);
  co_return co_await of_profile({*files, all_.profile});
}

awaitable<outcome<credentials>> profile_credentials::of_profile(step at) {
  const auto* said = at.files.find(at.name);
  if (said == nullptr) co_return pass_error(no_credentials("no profile " + at.name));
  if (at.depth > deepest) co_return wrong(at.name, "profiles refer to each other without end");
  const bool has_keys = said->contains("aws_access_key_id");
  // A profile that names itself as its source refers to its own keys.
  const bool own_keys = at.depth > 0 && has_keys && value(*said, "source_profile") == at.name;
  if (said->contains("role_arn") && !own_keys) co_return co_await of_role(std::move(at), *said);
  if (has_keys) {
    if (!said->contains("aws_secret_access_key"))
      co_return wrong(at.name, "aws_secret_access_key is missing");
    co_return credentials{value(*said, "aws_access_key_id"), value(*said, "aws_secret_access_key"),
                          value(*said, "aws_session_token")};
  }
  if (said->contains("sso_account_id")) co_return co_await of_single_sign_on(at, *said);
  if (said->contains("credential_process")) {
    co_return co_await of_process(at, value(*said, "credential_process"));
  }
  co_return pass_error(no_credentials("profile " + at.name + " holds no credentials"));
}

awaitable<outcome<credentials>> profile_credentials::of_role(step at, const profile& said) {
  auto where = endpoint_of(all_, service::sts);
  if (said.contains("web_identity_token_file")) {
    web_identity_credentials::source from{
        expand_home(value(said, "web_identity_token_file"), all_.variables("HOME")), role_of(said)};
    web_identity_credentials identity(std::move(from), std::move(where), via_);
    co_return co_await identity.get();
  }
  if (!where) co_return wrong(at.name, where.error().message);
  const auto source = co_await of_source(std::move(at), said);
  if (!source) co_return pass_error(source.error());
  const auto asked = sts::assume_role(*where, role_of(said));
  auto answer = co_await request_credentials(via_, sign(asked, *source, clock_.now()), "sts");
  if (!answer) {
    const auto skew = skew_behind(answer.error(), clock_.now());
    if (skew) answer = co_await request_credentials(via_, sign(asked, *source, clock_.now() + *skew), "sts");
  }
  if (!answer) co_return pass_error(answer.error());
  co_return parse_sts_credentials(answer->body);
}

// The credentials with which the role is requested.
awaitable<outcome<credentials>> profile_credentials::of_source(step at, const profile& said) {
  if (said.contains("source_profile")) {
    co_return co_await of_profile({at.files, value(said, "source_profile"), at.depth + 1});
  }
  const auto source = value(said, "credential_source");
  if (source == "Environment") {
    environment_credentials from(all_.variables);
    co_return co_await from.get();
  }
  if (source == "EcsContainer") {
    container_credentials from(all_.variables, via_);
    co_return co_await from.get();
  }
  if (source == "Ec2InstanceMetadata") {
    instance_credentials from(all_.variables, via_);
    co_return co_await from.get();
  }
  co_return wrong(at.name, "a role needs source_profile, credential_source or web_identity_token_file");
}

awaitable<outcome<credentials>> profile_credentials::of_process(const step& at, const std::string& command) {
  const auto words = split_words(command);
  if (!words) co_return wrong(at.name, "credential_process: " + words.error());
  const auto output =
      co_await processes_.run([&] { return output_of(*words, patience_with_processes, stopped_); });
  if (!output) {
    co_return pass_error(
        {base::error_code::unavailable, "ProcessFailed", "credential_process: " + output.error(), {}, 0, {}});
  }
  co_return parse_json_credentials(*output);
}

awaitable<outcome<credentials>> profile_credentials::of_single_sign_on(const step& at, const profile& said) {
  const auto session = single_sign_on_of(said, at.files);
  if (!session) co_return wrong(at.name, session.error());
  const auto host = host_of("portal.sso", session->region, all_.kind);
  if (!host) co_return wrong(at.name, "sso_region: " + host.error().message);
  const auto cached = read_text_file(expand_home(session->cache_file, all_.variables("HOME")));
  if (!cached) co_return wrong(at.name, "not signed in: run aws sso login");
  auto asked = single_sign_on_request(*session, *host, *cached, clock_.now());
  if (!asked) co_return wrong(at.name, asked.error());
  const auto answer = co_await request_credentials(via_, std::move(*asked), "sso");
  if (!answer) co_return pass_error(answer.error());
  co_return parse_sso_credentials(answer->body);
}

}  // namespace dossier::aws
