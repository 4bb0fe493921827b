// Region, endpoints and profiles, as AWS's own tools would find them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "aws/endpoints.h"
#include "aws/services/s3.h"
#include "aws/settings.h"
#include "fakes/temporary_folder.h"
#include "variables.h"

namespace dossier::aws {
namespace {

using testing::HasSubstr;

profiles read(std::string_view text, profile_file_kind kind = profile_file_kind::config) {
  profiles all;
  const auto done = add_profiles(all, text, kind);
  EXPECT_TRUE(done) << done.error();
  return all;
}

TEST(aws_profiles, are_read_from_both_kinds_of_file) {
  auto all = read(
      "# a comment\n; another\n[default]\nregion = eu-central-1 # here\n\n[profile dev]\n"
      "REGION=us-east-1\naws_access_key_id = a#b\n[ profile \"with space\" ]\nregion = x\r\n");
  EXPECT_EQ(all.by_name["default"]["region"], "eu-central-1");
  EXPECT_EQ(all.by_name["dev"]["region"], "us-east-1");
  EXPECT_EQ(all.by_name["dev"]["aws_access_key_id"], "a#b");
  EXPECT_EQ(all.by_name["with space"]["region"], "x");
  ASSERT_TRUE(add_profiles(all, "[dev]\naws_access_key_id = c\n", profile_file_kind::credentials));
  EXPECT_EQ(all.by_name["dev"]["aws_access_key_id"], "c");
  EXPECT_EQ(all.by_name["dev"]["region"], "us-east-1");
}

TEST(aws_profiles, keep_nested_values_apart) {
  auto all = read("[default]\ns3 =\n  addressing_style = path\n  max = 5\nregion = x\n");
  EXPECT_EQ(all.by_name["default"]["s3.addressing_style"], "path");
  EXPECT_EQ(all.by_name["default"]["s3.max"], "5");
  EXPECT_EQ(all.by_name["default"]["region"], "x");
}

TEST(aws_profiles, skip_sections_of_other_kinds) {
  auto all =
      read("[services a]\ns3 =\n  endpoint_url = x\n[sso-session s]\nsso_region = r\n[dev]\nregion = no\n");
  EXPECT_TRUE(all.by_name.empty());
  EXPECT_EQ(all.sso_sessions["s"]["sso_region"], "r");
}

TEST(aws_profiles, tell_which_line_is_wrong) {
  for (const auto& [text, expected] : std::map<std::string, std::string>{
           {"region = x\n", "line 1"}, {"[default\n", "line 1"}, {"[default]\n\nnothing\n", "line 3"}}) {
    profiles all;
    const auto read_it = add_profiles(all, text, profile_file_kind::config);
    ASSERT_FALSE(read_it);
    EXPECT_THAT(read_it.error(), HasSubstr(expected));
  }
}

class aws_settings : public testing::Test {
 protected:
  settings load(values given) {
    auto loaded = load_settings(variables(std::move(given)));
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded.value_or(settings{});
  }
  std::string failure(values given) {
    const auto loaded = load_settings(variables(std::move(given)));
    return loaded ? "" : loaded.error().message;
  }
  std::string file(const std::string& name, std::string_view text) {
    const auto path = (folder_.path() / name).string();
    std::ofstream(path) << text;
    return path;
  }
  fakes::temporary_folder folder_;
};

TEST_F(aws_settings, come_from_variables_before_files) {
  const auto config = file("config", "[default]\nregion = eu-west-1\n[profile dev]\nregion = eu-west-2\n");
  EXPECT_EQ(load({{"AWS_CONFIG_FILE", config}}).region, "eu-west-1");
  EXPECT_EQ(load({{"AWS_CONFIG_FILE", config}, {"AWS_PROFILE", "dev"}}).region, "eu-west-2");
  EXPECT_EQ(load({{"AWS_CONFIG_FILE", config}, {"AWS_DEFAULT_REGION", "eu-west-3"}}).region, "eu-west-3");
  EXPECT_EQ(load({{"AWS_DEFAULT_REGION", "a"}, {"AWS_REGION", "b"}}).region, "b");
  EXPECT_EQ(load({{"AWS_CA_BUNDLE", "/x"}, {"AWS_MAX_ATTEMPTS", "7"}}).attempts, 7);
}

TEST_F(aws_settings, are_found_in_the_home_folder) {
  std::filesystem::create_directory(folder_.path() / ".aws");
  file(".aws/config", "[default]\nregion = eu-west-1\n");
  EXPECT_EQ(load({{"HOME", folder_.path().string()}}).region, "eu-west-1");
}

TEST_F(aws_settings, name_what_is_wrong) {
  EXPECT_THAT(failure({{"AWS_CONFIG_FILE", "/nowhere"}}), HasSubstr("AWS_CONFIG_FILE"));
  EXPECT_THAT(failure({{"AWS_CONFIG_FILE", file("bad", "x = 1\n")}}), HasSubstr("line 1"));
  EXPECT_THAT(failure({{"AWS_PROFILE", "none"}}), HasSubstr("none"));
  EXPECT_THAT(failure({{"AWS_REGION", "evil.example/x"}}), HasSubstr("AWS_REGION"));
  EXPECT_THAT(failure({{"AWS_MAX_ATTEMPTS", "many"}}), HasSubstr("AWS_MAX_ATTEMPTS"));
}

TEST_F(aws_settings, know_the_endpoints_of_aws) {
  const auto all = load({{"AWS_REGION", "eu-central-1"}});
  EXPECT_EQ(endpoint_of(all, service::s3)->host, "s3.eu-central-1.amazonaws.com");
  EXPECT_EQ(endpoint_of(all, service::secrets_manager)->host, "secretsmanager.eu-central-1.amazonaws.com");
  EXPECT_EQ(endpoint_of(all, service::s3)->scheme, "https");
  EXPECT_FALSE(endpoint_of(load({}), service::s3));
  EXPECT_THAT(endpoint_of(load({}), service::s3).error().message, HasSubstr("AWS_REGION"));
}

TEST_F(aws_settings, know_the_partitions_of_aws) {
  const auto all = load({});
  for (const auto& [region, suffix] : std::map<std::string, std::string>{
           {"us-east-1", "amazonaws.com"},
           {"us-gov-west-1", "amazonaws.com"},
           {"cn-north-1", "amazonaws.com.cn"},
           {"eusc-de-east-1", "amazonaws.eu"},
           {"us-iso-east-1", "c2s.ic.gov"},
           {"us-isob-east-1", "sc2s.sgov.gov"},
           {"us-isof-south-1", "csp.hci.ic.gov"},
           {"eu-isoe-west-1", "cloud.adc-e.uk"},
       }) {
    EXPECT_EQ(endpoint_of(all, service::sts, region)->host, "sts." + region + '.' + suffix);
    EXPECT_EQ(endpoint_of(all, service::sts, region)->region, region);
  }
}

// As botocore resolves them.
TEST_F(aws_settings, know_the_endpoints_of_other_kinds) {
  const auto host = [this](const char* fips, const char* dual, service which, const char* region) {
    const auto all = load({{"AWS_USE_FIPS_ENDPOINT", fips}, {"AWS_USE_DUALSTACK_ENDPOINT", dual}});
    const auto found = endpoint_of(all, which, region);
    return found ? found->host : found.error().message;
  };
  EXPECT_EQ(host("true", "", service::s3, "us-east-1"), "s3-fips.us-east-1.amazonaws.com");
  EXPECT_EQ(host("", "true", service::s3, "us-east-1"), "s3.dualstack.us-east-1.amazonaws.com");
  EXPECT_EQ(host("TRUE", "true", service::s3, "us-east-1"), "s3-fips.dualstack.us-east-1.amazonaws.com");
  EXPECT_EQ(host("true", "", service::dynamodb, "us-east-1"), "dynamodb-fips.us-east-1.amazonaws.com");
  EXPECT_EQ(host("", "true", service::dynamodb, "us-east-1"), "dynamodb.us-east-1.api.aws");
  EXPECT_EQ(host("true", "true", service::ssm, "us-gov-west-1"), "ssm-fips.us-gov-west-1.api.aws");
  EXPECT_EQ(host("true", "false", service::ssm, "us-gov-west-1"), "ssm.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(host("true", "", service::s3, "us-gov-west-1"), "s3-fips.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(host("true", "", service::secrets_manager, "us-gov-west-1"),
            "secretsmanager-fips.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(host("", "true", service::secrets_manager, "us-east-1"),
            "secretsmanager.us-east-1.amazonaws.com");
  EXPECT_EQ(host("", "true", service::secrets_manager, "eusc-de-east-1"),
            "secretsmanager.eusc-de-east-1.api.amazonwebservices.eu");
  EXPECT_EQ(host("", "true", service::sts, "cn-north-1"), "sts.cn-north-1.api.amazonwebservices.com.cn");
  EXPECT_THAT(host("true", "", service::s3, "cn-north-1"), HasSubstr("AWS_USE_FIPS_ENDPOINT"));
}

TEST_F(aws_settings, of_a_kind_of_endpoint_do_not_go_with_an_endpoint) {
  for (const auto* kind : {"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"}) {
    const auto all =
        load({{"AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000"}, {kind, "true"}, {"AWS_REGION", "r"}});
    EXPECT_THAT(endpoint_of(all, service::s3).error().message, HasSubstr("AWS_ENDPOINT_URL_S3"));
    EXPECT_TRUE(endpoint_of(all, service::dynamodb));
    EXPECT_THAT(failure({{kind, "yes"}}), HasSubstr(kind));
  }
  const auto config = file("config", "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n");
  EXPECT_EQ(endpoint_of(load({{"AWS_CONFIG_FILE", config}}), service::sts, "us-west-2")->host,
            "sts-fips.us-west-2.api.aws");
}

TEST_F(aws_settings, may_leave_all_endpoints_aside) {
  const auto config = file("config", "[default]\nendpoint_url = http://127.0.0.1:1\n");
  const auto own =
      file("own", "[default]\nendpoint_url = http://127.0.0.1:1\nignore_configured_endpoint_urls = true\n");
  EXPECT_EQ(endpoint_of(load({{"AWS_CONFIG_FILE", config}}), service::s3)->host, "127.0.0.1");
  for (const auto& given :
       {values{{"AWS_CONFIG_FILE", config}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}},
        values{{"AWS_CONFIG_FILE", own}}}) {
    auto all = given;
    all.insert({{"AWS_REGION", "eu-west-1"},
                {"AWS_ENDPOINT_URL", "http://127.0.0.1:2"},
                {"AWS_ENDPOINT_URL_S3", "http://127.0.0.1:3"}});
    EXPECT_EQ(endpoint_of(load(all), service::s3)->host, "s3.eu-west-1.amazonaws.com");
  }
}

TEST_F(aws_settings, say_where_the_bucket_stands) {
  const auto host = [this](const char* style, const char* url) {
    const auto config = file("config", std::string("[default]\ns3 =\n  addressing_style = ") + style + '\n');
    const auto all = load({{"AWS_CONFIG_FILE", config}, {"AWS_REGION", "r"}, {"AWS_ENDPOINT_URL", url}});
    const auto made = s3::get_object(s3::make_bucket(*endpoint_of(all, service::s3), "files"), "k");
    return authority(made.where) + made.path;
  };
  EXPECT_EQ(host("auto", ""), "files.s3.r.amazonaws.com/k");
  EXPECT_EQ(host("path", ""), "s3.r.amazonaws.com/files/k");
  EXPECT_EQ(host("virtual", ""), "files.s3.r.amazonaws.com/k");
  EXPECT_EQ(host("auto", "https://minio.example:9000"), "minio.example:9000/files/k");
  EXPECT_EQ(host("virtual", "https://minio.example:9000"), "files.minio.example:9000/k");
  EXPECT_EQ(host("virtual", "http://127.0.0.1:9000"), "127.0.0.1:9000/files/k") << "an address has no names";
  EXPECT_EQ(host("virtual", "http://[::1]:9000"), "[::1]:9000/files/k");
  const auto wrong = file("wrong", "[default]\ns3 =\n  addressing_style = both\n");
  EXPECT_THAT(failure({{"AWS_CONFIG_FILE", wrong}}), HasSubstr("s3.addressing_style"));
}

TEST_F(aws_settings, take_other_endpoints) {
  const auto all = load({{"AWS_ENDPOINT_URL", "http://127.0.0.1:5000"},
                         {"AWS_ENDPOINT_URL_DYNAMODB", "https://db.example:8000/base/"},
                         {"AWS_ENDPOINT_URL_SSM", "ftp://x"}});
  EXPECT_EQ(authority(*endpoint_of(all, service::s3)), "127.0.0.1:5000");
  EXPECT_EQ(endpoint_of(all, service::s3)->region, "us-east-1");
  const auto dynamodb = endpoint_of(all, service::dynamodb);
  ASSERT_TRUE(dynamodb);
  EXPECT_EQ(dynamodb->host, "db.example");
  EXPECT_EQ(dynamodb->path, "/base");
  EXPECT_FALSE(endpoint_of(all, service::ssm));
}

TEST(aws_endpoints, are_read_strictly) {
  for (const char* url :
       {"", "http://", "http:///x", "host:1", "http://a b", "http://a:0", "http://a:99999", "http://a:x",
        "http://user@a", "http://a/?q", "http://a\r\nb", "https://[::1", "gopher://a"}) {
    EXPECT_FALSE(parse_endpoint(url, "r")) << url;
  }
  EXPECT_EQ(authority(*parse_endpoint("HTTPS://Host.Example:443", "r")), "host.example");
  EXPECT_EQ(authority(*parse_endpoint("http://[::1]:80/", "r")), "[::1]");
  EXPECT_EQ(authority(*parse_endpoint("http://[::1]:8080", "r")), "[::1]:8080");
}

TEST(aws_buckets, stand_before_the_host_or_in_the_path) {
  const endpoint aws{.host = "s3.eu-central-1.amazonaws.com", .region = "eu-central-1"};
  const auto of = [](const s3::bucket& in) {
    return s3::get_object(in, "a key");
  };
  EXPECT_EQ(of(s3::make_bucket(aws, "files")).where.host, "files.s3.eu-central-1.amazonaws.com");
  EXPECT_EQ(of(s3::make_bucket(aws, "files")).path, "/a%20key");
  EXPECT_EQ(of(s3::make_bucket(aws, "my.files")).path, "/my.files/a%20key");
  EXPECT_EQ(of(s3::make_bucket(*parse_endpoint("http://x/base", "r"), "files")).path, "/files/a%20key");
  auto told = *parse_endpoint("http://x/base", "r");
  told.buckets = addressing::virtual_host;
  EXPECT_EQ(of(s3::make_bucket(told, "my.files")).where.host, "my.files.x");
  told.scheme = "https";
  EXPECT_EQ(of(s3::make_bucket(told, "my.files")).where.host, "x") << "no certificate covers it";
}

TEST(aws_hosts, of_this_machine_are_localhost_and_loopback_addresses) {
  for (const auto* host : {"localhost", "127.0.0.1", "127.9.8.7", "::1", "[::1]"}) {
    EXPECT_TRUE(is_this_machine(host)) << host;
  }
  for (const auto* host : {"10.0.0.1", "localhost.example.com", "127.evil.example", "127.0.0.1.example",
                           "127.0.0", "127.0.0.256", "[::2]", ""}) {
    EXPECT_FALSE(is_this_machine(host)) << host;
  }
}

TEST(aws_hosts, are_found_in_urls) {
  for (const auto& [url, host] : std::map<std::string, std::string>{{"http://a/b:c", "a"},
                                                                    {"https://a.b:80?x", "a.b"},
                                                                    {"http://[::1]:80/", "[::1]"},
                                                                    {"http://u:p@h:1#x", "h"},
                                                                    {"http://", ""},
                                                                    {"http://[", "["},
                                                                    {"a:1", ""}}) {
    EXPECT_EQ(host_of_url(url), host) << url;
  }
}

}  // namespace
}  // namespace dossier::aws
