// Credentials from what a profile of the shared files says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/profile_credentials.h"
#include "credentials_world.h"

namespace dossier::aws {
namespace {

using testing::HasSubstr;
class aws_profile_credentials : public aws_credentials {};

TEST_F(aws_profile_credentials, come_from_a_process) {
  const auto script = file("print.sh", "cat \"$1\"\n");
  const auto output = file("with space.json", R"({"Version":1,"AccessKeyId":"RUN","SecretAccessKey":"s",
      "SessionToken":"t","Expiration":"2027-01-01T00:00:00Z"})");
  file(".aws/config",
       "[profile p]\ncredential_process = sh " + script + " \"" + output +
           "\"\n[profile fails]\ncredential_process = false\n[profile none]\ncredential_process = "
           "/no/such/program\n");
  EXPECT_EQ(key({{"AWS_PROFILE", "p"}}), "RUN");
  EXPECT_EQ(found_.session_token, "t");
  EXPECT_TRUE(found_.expires);
  EXPECT_EQ(key({{"AWS_PROFILE", "fails"}}), "ProcessFailed");
  EXPECT_EQ(key({{"AWS_PROFILE", "none"}}), "ProcessFailed");
}

TEST_F(aws_profile_credentials, come_for_a_role_by_way_of_another_profile) {
  file(".aws/config",
       "[profile role]\nrole_arn = arn:x\nsource_profile = keys\nexternal_id = e\n[profile "
       "keys]\naws_access_key_id = "
       "SOURCE\naws_secret_access_key = s\n[profile round]\nrole_arn = arn:x\nsource_profile = trip\n"
       "[profile trip]\nrole_arn = arn:x\nsource_profile = round\n[profile bare]\nrole_arn = arn:x\n");
  answers([](const http_request&) { return response{200, {}, as_xml}; });
  EXPECT_EQ(key({{"AWS_PROFILE", "role"}}), "XML");
  EXPECT_EQ(scripted_->asked.at(0).url, "https://sts.eu-central-1.amazonaws.com/");
  EXPECT_THAT(*find_header(scripted_->asked.at(0).headers, "Authorization"),
              HasSubstr("Credential=SOURCE/2026"));
  EXPECT_EQ(key({{"AWS_PROFILE", "round"}}), "InvalidProfile");
  EXPECT_EQ(key({{"AWS_PROFILE", "bare"}}), "InvalidProfile");
}

TEST_F(aws_profile_credentials, come_for_a_role_by_way_of_the_profile_itself) {
  file(".aws/config",
       "[profile own]\nrole_arn = arn:x\nsource_profile = own\naws_access_key_id = "
       "OWN\naws_secret_access_key = s\n"
       "[profile loop]\nrole_arn = arn:x\nsource_profile = loop\n");
  answers([](const http_request&) { return response{200, {}, as_xml}; });
  EXPECT_EQ(key({{"AWS_PROFILE", "own"}}), "XML");
  EXPECT_THAT(*find_header(scripted_->asked.at(0).headers, "Authorization"),
              HasSubstr("Credential=OWN/2026"));
  EXPECT_EQ(key({{"AWS_PROFILE", "loop"}}), "InvalidProfile");
}

TEST_F(aws_profile_credentials, come_for_a_role_by_way_of_the_place_that_a_profile_names) {
  file(".aws/config",
       "[profile env]\nrole_arn = arn:x\ncredential_source = Environment\n"
       "[profile ecs]\nrole_arn = arn:x\ncredential_source = EcsContainer\n"
       "[profile ec2]\nrole_arn = arn:x\ncredential_source = Ec2InstanceMetadata\n"
       "[profile moon]\nrole_arn = arn:x\ncredential_source = Moon\n");
  answers([](const http_request& asked) {
    if (asked.url.starts_with("https://sts.")) return response{200, {}, as_xml};
    if (asked.method == "PUT") return response{200, {}, "TOKEN"};
    return response{200, {}, asked.url.ends_with("/security-credentials/") ? "the-role" : as_json};
  });
  const auto signed_by = [this] {
    return *find_header(scripted_->asked.back().headers, "Authorization");
  };
  // Keys in the environment would come before a profile, so only the profile's provider is asked. It uses
  // those keys to ask for the role.
  auto all = load_settings(variables({{"HOME", folder_.path().string()},
                                      {"AWS_PROFILE", "env"},
                                      {"AWS_REGION", "r"},
                                      {"AWS_ACCESS_KEY_ID", "ENV"},
                                      {"AWS_SECRET_ACCESS_KEY", "s"}}));
  ASSERT_TRUE(all);
  profile_credentials from(*all, transport(), clock_);
  EXPECT_EQ(fakes::run_sync(from.get())->access_key, "XML");
  EXPECT_THAT(signed_by(), HasSubstr("Credential=ENV/"));
  EXPECT_EQ(key({{"AWS_PROFILE", "ecs"}, {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}}), "XML");
  EXPECT_THAT(signed_by(), HasSubstr("Credential=JSON/"));
  EXPECT_EQ(key({{"AWS_PROFILE", "ec2"}, {"AWS_EC2_METADATA_DISABLED", "false"}}), "XML");
  EXPECT_THAT(signed_by(), HasSubstr("Credential=JSON/"));
  EXPECT_EQ(key({{"AWS_PROFILE", "moon"}}), "InvalidProfile");
}

TEST_F(aws_profile_credentials, come_for_the_web_identity_of_a_profile) {
  file("identity", "IDENTITY\n");
  file(".aws/config",
       "[profile web]\nrole_arn = arn:x\nrole_session_name = me\nweb_identity_token_file = ~/identity\n"
       "[profile lost]\nrole_arn = arn:x\nweb_identity_token_file = ~/lost\n");
  answers([](const http_request&) { return response{200, {}, as_xml}; });
  EXPECT_EQ(key({{"AWS_PROFILE", "web"}}), "XML");
  EXPECT_EQ(find_header(scripted_->asked.at(0).headers, "Authorization"), nullptr);
  EXPECT_EQ(key({{"AWS_PROFILE", "lost"}}), "InvalidWebIdentity");
}

TEST_F(aws_profile_credentials, are_asked_for_with_the_time_that_aws_tells) {
  file(".aws/config",
       "[profile role]\nrole_arn = arn:x\nsource_profile = keys\n"
       "[profile keys]\naws_access_key_id = SOURCE\naws_secret_access_key = s\n");
  const response late{403,
                      {{"Date", "Thu, 01 Jan 2026 01:00:00 GMT"}},
                      "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>"};
  answers(one_after_another({late, response{200, {}, as_xml}}));
  EXPECT_EQ(key({{"AWS_PROFILE", "role"}}), "XML");
  EXPECT_EQ(*find_header(scripted_->asked.at(1).headers, "X-Amz-Date"), "20260101T010000Z");
  answers([late](const http_request&) { return late; });
  EXPECT_EQ(key({{"AWS_PROFILE", "role"}}), "SignatureDoesNotMatch");
  EXPECT_EQ(scripted_->asked.size(), 2u) << "once";
}

// Tools that renew keys write them into the file.
TEST_F(aws_profile_credentials, of_a_profile_are_read_again) {
  const auto write = [this](const std::string& key) {
    file(".aws/credentials", "[default]\naws_access_key_id = " + key + "\naws_secret_access_key = s\n");
  };
  write("FIRST");
  const auto all = load_settings(variables({{"HOME", folder_.path().string()}}));
  ASSERT_TRUE(all);
  answers([](const http_request&) { return response{404, {}, ""}; });
  const auto provider = default_credentials(*all, transport(), clock_);
  EXPECT_EQ(fakes::run_sync(provider->get())->access_key, "FIRST");
  write("SECOND");
  const auto found = fakes::run_sync(provider->get());
  EXPECT_EQ(found->access_key, "FIRST") << "nobody has refused them";
  provider->expired(*found);
  EXPECT_EQ(fakes::run_sync(provider->get())->access_key, "SECOND");
  clock_.advance(std::chrono::minutes(2));
  file(".aws/credentials", "[default\n");
  provider->expired(*fakes::run_sync(provider->get()));
  EXPECT_EQ(fakes::run_sync(provider->get()).error().code, "InvalidProfile");
}

TEST_F(aws_profile_credentials, come_for_a_single_sign_on) {
  file(".aws/config",
       "[profile sso]\nsso_session = s\nsso_account_id = 123\nsso_role_name = reader\n[sso-session "
       "s]\nsso_region = "
       "eu-west-1\nsso_start_url = https://x\n[profile alone]\nsso_start_url = s\nsso_region = "
       "eusc-de-east-1\n"
       "sso_account_id = 5\nsso_role_name = r\n[profile bad]\nsso_start_url = s\nsso_region = evil.example/\n"
       "sso_account_id = 5\nsso_role_name = r\n");
  // The SHA-1 of "s".
  const std::string cache = ".aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json";
  answers([](const http_request&) {
    return response{
        200, {}, R"({"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t",
                                "expiration":1798761600000}})"};
  });
  EXPECT_EQ(key({{"AWS_PROFILE", "sso"}}), "InvalidProfile");
  file(cache, R"({"accessToken":"BEARER","expiresAt":"2026-06-01T00:00:00Z"})");
  EXPECT_EQ(key({{"AWS_PROFILE", "sso"}}), "SSO");
  const auto& asked = scripted_->asked.at(0);
  EXPECT_EQ(
      asked.url,
      "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?account_id=123&role_name=reader");
  EXPECT_EQ(*find_header(asked.headers, "x-amz-sso_bearer_token"), "BEARER");
  // Without a session the file is named after the start URL.
  EXPECT_EQ(key({{"AWS_PROFILE", "alone"}}), "SSO");
  EXPECT_EQ(scripted_->asked.at(1).url,
            "https://portal.sso.eusc-de-east-1.amazonaws.eu/federation/credentials?account_id=5&role_name=r");
  EXPECT_EQ(key({{"AWS_PROFILE", "bad"}}), "InvalidProfile");
  file(cache, R"({"accessToken":"BEARER","expiresAt":"2025-06-01T00:00:00Z"})");
  EXPECT_EQ(key({{"AWS_PROFILE", "sso"}}), "InvalidProfile");
}

}  // namespace
}  // namespace dossier::aws
