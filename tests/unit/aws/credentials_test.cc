// Where credentials come from: environment, files, processes, and the endpoints of AWS, each with a fake.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "aws/chain.h"
#include "aws/container_credentials.h"
#include "aws/credentials_answer.h"
#include "aws/curl_transport.h"
#include "aws/process.h"
#include "fakes/manual_clock.h"
#include "fakes/raw_server.h"
#include "fakes/run.h"
#include "fakes/temporary_folder.h"
#include "scripted_transport.h"
#include "variables.h"

namespace dossier::aws {
namespace {

using testing::HasSubstr;

constexpr const char* as_json = R"({"Code":"Success","AccessKeyId":"JSON","SecretAccessKey":"s","Token":"t",
                                    "Expiration":"2027-01-01T00:00:00Z"})";
constexpr const char* as_xml =
    "<AssumeRoleResponse "
    "xmlns=\"x\"><AssumeRoleResult><Credentials><AccessKeyId>XML</AccessKeyId><SecretAccessKey>s"
    "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2027-01-01T00:00:00Z</Expiration></"
    "Credentials>"
    "</AssumeRoleResult></AssumeRoleResponse>";

class aws_credentials : public testing::Test {
 protected:
  // The access key, or the code of the error.
  std::string key(values given) {
    // Nothing of this machine's own.
    given.try_emplace("HOME", folder_.path().string());
    given.try_emplace("AWS_REGION", "eu-central-1");
    given.try_emplace("AWS_EC2_METADATA_DISABLED", "true");
    const auto all = load_settings(variables(given));
    if (!all) return all.error().message;
    const auto provider = default_credentials(*all, transport(), clock_);
    auto found = fakes::run_sync(provider->get());
    name_ = provider->name();
    if (!found) return found.error().code;
    found_ = *found;
    return found->access_key;
  }
  std::string file(const std::string& name, std::string_view text) {
    const auto path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }
  transport& transport() { return scripted_ ? static_cast<aws::transport&>(*scripted_) : curl_; }
  void answers(scripted_transport::script each) {
    scripted_ = std::make_unique<scripted_transport>(std::move(each));
  }

  fakes::temporary_folder folder_;
  fakes::manual_clock clock_;  // 2026-01-01
  curl_transport curl_;
  std::unique_ptr<scripted_transport> scripted_;
  credentials found_;
  std::string name_;
};

TEST_F(aws_credentials, come_from_the_environment_first) {
  file(".aws/credentials", "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n");
  EXPECT_EQ(key({{"AWS_ACCESS_KEY_ID", "ENV"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_SESSION_TOKEN", "t"}}),
            "ENV");
  EXPECT_EQ(found_.session_token, "t");
  EXPECT_EQ(name_, "environment");
  EXPECT_EQ(key({}), "FILE");
  EXPECT_EQ(name_, "profile default");
  EXPECT_EQ(key({{"AWS_ACCESS_KEY_ID", "ENV"}}), "PartialCredentials");
}

TEST_F(aws_credentials, are_nowhere) {
  EXPECT_EQ(key({}), "NoCredentials");
  EXPECT_EQ(name_, "nowhere");
}

TEST_F(aws_credentials, come_from_a_process) {
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

TEST(aws_process, is_ended_when_it_takes_too_long) {
  EXPECT_FALSE(output_of({"sh", "-c", "sleep 60 & sleep 60"}, std::chrono::milliseconds(100)));
  EXPECT_FALSE(output_of({"sh", "-c", "yes"}, std::chrono::seconds(10)));
  EXPECT_EQ(output_of({"echo", "a"}, std::chrono::seconds(10)), "a\n");
}

TEST(aws_process, splits_as_a_shell_would) {
  using words = std::vector<std::string>;
  EXPECT_EQ(split_words(R"(a  "b c" 'd "e' f\ g "" "\"")"), (words{"a", "b c", "d \"e", "f g", "", "\""}));
  EXPECT_EQ(split_words("  "), words{});
  EXPECT_FALSE(split_words("a 'b"));
}

TEST_F(aws_credentials, come_from_a_container_endpoint) {
  std::string head;
  fakes::raw_server server([&](fakes::raw_connection& client) {
    head = client.read().head;
    client.answer(200, as_json);
  });
  const auto token = file("token", "the token\n");
  EXPECT_EQ(key({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url("/v1/credentials?id=1")},
                 {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token}}),
            "JSON");
  EXPECT_THAT(head, HasSubstr("GET /v1/credentials?id=1 HTTP/1.1\r\n"));
  EXPECT_THAT(head, HasSubstr("Authorization: the token\r\n"));
  EXPECT_EQ(name_, "container");
}

TEST(aws_container, only_trusted_hosts_are_asked_without_tls) {
  const auto url = [](values given) {
    const auto request = container_request(variables(std::move(given)));
    return request ? request->url : request.error().code;
  };
  EXPECT_EQ(url({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x"}}), "http://169.254.170.2/v2/x");
  EXPECT_EQ(url({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@evil.example/"}}), "InvalidContainerEndpoint");
  for (const char* fine : {"http://169.254.170.23/v1", "http://[fd00:ec2::23]/v1", "http://localhost:8080/x",
                           "http://127.0.0.9/x", "https://any.example/x"}) {
    EXPECT_EQ(url({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", fine}}), fine);
  }
  for (const char* bad :
       {"http://any.example/x", "http://localhost.example/", "http://169.254.170.2@evil.example/",
        "file:///etc/passwd", "http://169.254.170.22/"}) {
    EXPECT_EQ(url({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", bad}}), "InvalidContainerEndpoint") << bad;
  }
  EXPECT_EQ(url({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"},
                 {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nb"}}),
            "InvalidContainerEndpoint");
  EXPECT_EQ(url({}), "NoCredentials");
}

// The metadata service of an instance, version 2 only.
void instance(fakes::raw_connection& client) {
  for (;;) {
    const auto head = client.read().head;
    if (head.empty()) return;
    const bool token = head.contains("x-aws-ec2-metadata-token: TOKEN\r\n");
    if (head.starts_with("PUT /latest/api/token ") &&
        head.contains("x-aws-ec2-metadata-token-ttl-seconds: 21600")) {
      client.answer(200, "TOKEN");
    } else if (token && head.starts_with("GET /latest/meta-data/iam/security-credentials/ ")) {
      client.answer(200, "the-role");
    } else if (token && head.starts_with("GET /latest/meta-data/iam/security-credentials/the-role ")) {
      client.answer(200, as_json);
    } else {
      client.answer(401, "no token");
    }
  }
}

TEST_F(aws_credentials, come_from_an_instance) {
  fakes::raw_server server(instance);
  EXPECT_EQ(
      key({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url()}, {"AWS_EC2_METADATA_DISABLED", "false"}}),
      "JSON");
  EXPECT_EQ(name_, "instance");
  EXPECT_EQ(key({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url()}, {"AWS_EC2_METADATA_DISABLED", "true"}}),
            "NoCredentials");
}

TEST_F(aws_credentials, of_an_instance_are_never_taken_without_a_token) {
  // Version 1 alone: answers everything but the request for a token.
  std::atomic<int> asked{0};
  fakes::raw_server server([&](fakes::raw_connection& client) {
    for (;;) {
      const auto head = client.read().head;
      if (head.empty()) return;
      if (head.starts_with("GET ")) ++asked;
      client.answer(head.starts_with("PUT ") ? 404 : 200, as_json);
    }
  });
  EXPECT_EQ(
      key({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url()}, {"AWS_EC2_METADATA_DISABLED", "false"}}),
      "NoCredentials");
  EXPECT_EQ(asked, 0);
}

TEST_F(aws_credentials, come_for_a_web_identity) {
  const auto token = file("token", "IDENTITY&TOKEN\n");
  fakes::raw_request asked;
  fakes::raw_server server([&](fakes::raw_connection& client) {
    asked = client.read();
    client.answer(200, as_xml);
  });
  EXPECT_EQ(key({{"AWS_WEB_IDENTITY_TOKEN_FILE", token},
                 {"AWS_ROLE_ARN", "arn:aws:iam::1:role/r"},
                 {"AWS_ENDPOINT_URL_STS", server.url()}}),
            "XML");
  EXPECT_THAT(asked.body,
              HasSubstr("Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&"
                        "RoleSessionName=dossier&Version=2011-06-15&WebIdentityToken=IDENTITY%26TOKEN"));
  EXPECT_THAT(asked.head, testing::Not(HasSubstr("Authorization")));
}

TEST_F(aws_credentials, come_for_a_role_by_way_of_another_profile) {
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

TEST_F(aws_credentials, come_for_a_single_sign_on) {
  file(".aws/config",
       "[profile sso]\nsso_session = s\nsso_account_id = 123\nsso_role_name = reader\n[sso-session "
       "s]\nsso_region = "
       "eu-west-1\nsso_start_url = https://x\n");
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
  file(cache, R"({"accessToken":"BEARER","expiresAt":"2025-06-01T00:00:00Z"})");
  EXPECT_EQ(key({{"AWS_PROFILE", "sso"}}), "InvalidProfile");
}

TEST_F(aws_credentials, an_endpoint_that_fails_is_asked_again) {
  answers(one_after_another(
      {failing(transport_problem::cut), response{500, {}, ""}, response{200, {}, as_json}}));
  EXPECT_EQ(key({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}}), "JSON");
  EXPECT_EQ(scripted_->asked.size(), 3u);
}

TEST(aws_credentials_answers, that_are_useless_are_refused_without_being_quoted) {
  for (const char* text : {"", "[]", "{}", R"({"AccessKeyId":"A"})",
                           R"({"Code":"Failed","AccessKeyId":"A","SecretAccessKey":"SECRET"})",
                           R"({"AccessKeyId":"A","SecretAccessKey":"SECRET","Expiration":"soon"})"}) {
    const auto found = parse_json_credentials(text);
    ASSERT_FALSE(found) << text;
    EXPECT_THAT(found.error().message, testing::Not(HasSubstr("SECRET")));
  }
  EXPECT_FALSE(parse_sts_credentials("<a/>"));
  EXPECT_FALSE(parse_sso_credentials("{}"));
}

}  // namespace
}  // namespace dossier::aws
