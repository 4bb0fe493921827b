#include "app/address_settings.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dossier::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(store_urls, name_files_and_folders_of_this_machine) {
  EXPECT_EQ(parse_records_url("sqlite:data/records.db"),
            stores::records_location(stores::sqlite_location{"data/records.db"}));
  EXPECT_EQ(parse_catalog_url("sqlite:/var/lib/my data/c%20.db"),
            stores::catalog_location(stores::sqlite_location{"/var/lib/my data/c%20.db"}));
  EXPECT_EQ(parse_objects_url("folder:/srv/objects"),
            stores::objects_location(stores::folder_location{"/srv/objects"}));
}

TEST(store_urls, name_a_mysql_database) {
  EXPECT_EQ(parse_records_url("mysql://admin@db.example.com:3307/employees"),
            stores::records_location(stores::mysql_location{"admin", "db.example.com", 3307, "employees"}));
  EXPECT_EQ(parse_records_url("mysql://admin@[::1]:3307/e"),
            stores::records_location(stores::mysql_location{"admin", "::1", 3307, "e"}));
  EXPECT_EQ(parse_records_url("mysql://admin@10.0.0.7/e"),
            stores::records_location(stores::mysql_location{"admin", "10.0.0.7", 3306, "e"}));
}

TEST(store_urls, leave_the_host_to_another_setting) {
  EXPECT_EQ(parse_records_url("mysql://admin@/e"),
            stores::records_location(stores::mysql_location{"admin", "", 3306, "e"}));
}

TEST(store_urls, name_a_bucket_with_or_without_a_prefix) {
  EXPECT_EQ(parse_objects_url("s3://addemployee-bucket"),
            stores::objects_location(stores::s3_location{"addemployee-bucket", ""}));
  EXPECT_EQ(parse_objects_url("s3://bucket/"), stores::objects_location(stores::s3_location{"bucket", ""}));
  EXPECT_EQ(parse_objects_url("s3://bucket/a/b"),
            stores::objects_location(stores::s3_location{"bucket", "a/b/"}));
}

TEST(store_urls, name_a_table) {
  EXPECT_EQ(parse_catalog_url("dynamodb://My_Table"),
            stores::catalog_location(stores::dynamodb_location{"My_Table"}));
}

TEST(store_urls, with_a_password_are_refused_and_not_repeated) {
  const auto refused = parse_records_url("mysql://admin:hunter2@db/employees");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("records_password"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("hunter2")));
  const auto odd = parse_records_url("mysql://admin:hunter2@ss@db/employees");
  ASSERT_FALSE(odd);
  EXPECT_THAT(odd.error().message, Not(HasSubstr("hunter2")));
}

struct refusal {
  const char* url;
  const char* why;
};

class refused_records_url : public ::testing::TestWithParam<refusal> {};
TEST_P(refused_records_url, says_how_to_write_it) {
  const auto refused = parse_records_url(GetParam().url);
  ASSERT_FALSE(refused) << GetParam().url;
  EXPECT_EQ(refused.error().code, base::error_code::invalid);
  EXPECT_THAT(refused.error().message, HasSubstr(GetParam().why));
}
INSTANTIATE_TEST_SUITE_P(
    all, refused_records_url,
    ::testing::Values(refusal{"", "mysql://USER"}, refusal{"records.db", "sqlite:FILE"},
                      refusal{"sqlite:", "sqlite:FILE"}, refusal{"sqlite://records.db", "sqlite:FILE"},
                      refusal{"postgres://a@b/c", "mysql://USER"},
                      refusal{"mysql://db/employees", "mysql://USER"},
                      refusal{"mysql://admin@db", "mysql://USER"}, refusal{"mysql://admin@db/", "database"},
                      refusal{"mysql://admin@db/a/b", "database"},
                      refusal{"mysql://admin@db/a?ssl=0", "database"}, refusal{"mysql://@db/e", "user"},
                      refusal{"mysql://admin@db:0/e", "PORT"}, refusal{"mysql://admin@db:65536/e", "PORT"},
                      refusal{"mysql://admin@db:33x/e", "PORT"}, refusal{"mysql://admin@d b/e", "host"},
                      refusal{"mysql://admin@[::1/e", "host"}, refusal{"mysql://admin@[::1]x/e", "host"}));

class refused_objects_url : public ::testing::TestWithParam<refusal> {};
TEST_P(refused_objects_url, says_how_to_write_it) {
  const auto refused = parse_objects_url(GetParam().url);
  ASSERT_FALSE(refused) << GetParam().url;
  EXPECT_THAT(refused.error().message, HasSubstr(GetParam().why));
}
INSTANTIATE_TEST_SUITE_P(all, refused_objects_url,
                         ::testing::Values(refusal{"objects", "folder:DIR"}, refusal{"folder:", "folder:DIR"},
                                           refusal{"s3:bucket", "s3://BUCKET"}, refusal{"s3://", "bucket"},
                                           refusal{"s3://Bucket", "bucket"}, refusal{"s3://ab", "bucket"},
                                           refusal{"s3://bucket..x", "bucket"},
                                           refusal{"s3://-bucket", "bucket"},
                                           refusal{"s3://bucket//a", "prefix"},
                                           refusal{"s3://bucket/a//b", "prefix"},
                                           refusal{"s3://bucket/a b", "prefix"}));

TEST(store_urls, refuse_what_is_no_table) {
  for (const auto* url : {"dynamodb://", "dynamodb://ab", "dynamodb://a/b", "dynamodb://a b c", "My_Table"}) {
    EXPECT_FALSE(parse_catalog_url(url)) << url;
  }
}

TEST(host, comes_with_or_without_a_port) {
  EXPECT_EQ(parse_host("db.example.com", 3306), (host_and_port{"db.example.com", 3306}));
  EXPECT_EQ(parse_host("db.example.com:3307", 3306), (host_and_port{"db.example.com", 3307}));
  EXPECT_EQ(parse_host("[2001:db8::1]", 3306), (host_and_port{"2001:db8::1", 3306}));
  EXPECT_FALSE(parse_host("", 3306));
  EXPECT_FALSE(parse_host("a:1:2", 3306));
  EXPECT_FALSE(parse_host("a/b", 3306));
}

}  // namespace
}  // namespace dossier::app
