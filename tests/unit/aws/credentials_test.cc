// Where credentials come from: environment, containers, instances, web identities, each with a fake.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/container_credentials.h"
#include "aws/credentials/credentials.h"
#include "aws/credentials/instance_metadata.h"
#include "aws/endpoints.h"
#include "aws/session.h"
#include "credentials_world.h"
#include "fakes/raw_server.h"

namespace dossier::aws {
namespace {

using testing::HasSubstr;

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
  for (const char* bad : {"http://any.example/x", "http://localhost.example/", "http://127.evil.example/",
                          "http://127.0.0.1.example/", "http://169.254.170.2@evil.example/",
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
    } else if (token && head.starts_with("GET /latest/meta-data/placement/region ")) {
      client.answer(200, "eu-south-2\n");
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

// The region that make_session() finds.
std::string region_of(values given) {
  base::system_clock clock;
  base::system_random random;
  const auto all = load_settings(variables(std::move(given)));
  if (!all) return all.error().message;
  const auto made = make_session(*all, clock, random);
  return made ? (*made)->settings().region : made.error().message;
}

TEST_F(aws_credentials, of_an_instance_come_with_its_region) {
  std::atomic<int> asked{0};
  fakes::raw_server server([&](fakes::raw_connection& client) {
    ++asked;
    instance(client);
  });
  const auto home = folder_.path().string();
  const values here{{"HOME", home}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url()}};
  EXPECT_EQ(region_of(here), "eu-south-2");
  EXPECT_EQ(asked, 1);
  file(".aws/config",
       "[profile role]\nrole_arn = arn:x\ncredential_source = Ec2InstanceMetadata\n"
       "[profile keys]\naws_access_key_id = a\n[profile placed]\nregion = eu-west-1\n");
  const auto with = [&](const std::string& name, const std::string& value) {
    auto all = here;
    all[name] = value;
    return region_of(all);
  };
  EXPECT_EQ(with("AWS_PROFILE", "role"), "eu-south-2");
  asked = 0;
  EXPECT_EQ(with("AWS_PROFILE", "placed"), "eu-west-1");
  EXPECT_EQ(with("AWS_REGION", "eu-north-1"), "eu-north-1");
  for (const auto* elsewhere :
       {"AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"}) {
    EXPECT_EQ(with(elsewhere, "x"), "");
  }
  EXPECT_EQ(with("AWS_PROFILE", "keys"), "");
  EXPECT_EQ(with("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), "");
  EXPECT_EQ(with("AWS_EC2_METADATA_DISABLED", "true"), "");
  EXPECT_EQ(asked, 0) << "it was a wait for nothing";
}

TEST_F(aws_credentials, of_an_instance_that_does_not_say_where_it_is_need_a_region) {
  fakes::raw_server server([](fakes::raw_connection& client) {
    while (!client.read().head.empty()) client.answer(404, "");
  });
  const auto all = load_settings(
      variables({{"HOME", folder_.path().string()}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url()}}));
  ASSERT_TRUE(all);
  EXPECT_TRUE(needs_instance_region(*all));
  EXPECT_EQ(instance_region(*all), "");
  EXPECT_THAT(endpoint_of(*all, service::s3).error().message, HasSubstr("AWS_REGION: name the region"));
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

TEST_F(aws_credentials, an_endpoint_that_fails_is_asked_again) {
  answers(one_after_another(
      {failing(transport_problem::cut), response{500, {}, ""}, response{200, {}, as_json}}));
  EXPECT_EQ(key({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}}), "JSON");
  EXPECT_EQ(scripted_->asked.size(), 3u);
  for (const auto& first : {failing(transport_problem::connect), failing(transport_problem::timed_out),
                            sent<response>(response{429, {}, ""}),
                            sent<response>(response{400, {}, R"({"code":"ThrottlingException"})"})}) {
    answers(one_after_another({first, response{200, {}, as_json}}));
    EXPECT_EQ(key({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}}), "JSON");
  }
  answers(one_after_another({response{403, {}, ""}}));
  EXPECT_EQ(key({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}}), "Forbidden");
  EXPECT_EQ(scripted_->asked.size(), 1u);
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
