#include "stores/aws_stores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "fakes/temporary_folder.h"

namespace dossier::stores {
namespace {

using base::error_code;
using testing::HasSubstr;

// A process whose environment has these variables. Nothing is asked of AWS.
class aws_stores : public testing::Test {
 protected:
  std::unique_ptr<aws::session> access(std::map<std::string, std::string, std::less<>> variables) {
    variables.try_emplace("AWS_CONFIG_FILE", "/dev/null");
    variables.try_emplace("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    auto settings = aws::load_settings([variables](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
    return std::make_unique<aws::session>(std::move(settings.value()), clock_, random_);
  }
  base::result<opened_store<domain::object_store>> make(aws::session& via, s3_location where,
                                                        upload_sizes sizes = {}) {
    return open_s3_objects(via, std::move(where), {.staging = folder_.path(), .sizes = sizes}, pool_, {});
  }

  base::system_clock clock_;
  base::system_random random_;
  base::blocking_pool pool_{1};
  fakes::temporary_folder folder_;
};

TEST_F(aws_stores, are_made_for_aws_with_nothing_but_a_region) {
  const auto at = access({{"AWS_REGION", "eu-north-1"}});
  EXPECT_TRUE(make(*at, {.bucket = "some-bucket"}));
  EXPECT_TRUE(make(*at, {.bucket = "some.bucket", .prefix = "a/b"}));
  EXPECT_TRUE(open_dynamodb_catalog(*at, {.table = "My_Table"}, {}));
}

TEST_F(aws_stores, need_a_region) {
  const auto at = access({});
  EXPECT_EQ(make(*at, {.bucket = "some-bucket"}).error().code, error_code::invalid);
  EXPECT_EQ(open_dynamodb_catalog(*at, {.table = "My_Table"}, {}).error().code, error_code::invalid);
}

TEST_F(aws_stores, refuse_parts_that_s3_would_refuse_but_not_for_its_clones) {
  const upload_sizes small{.part = 1 << 20};
  const auto real = access({{"AWS_REGION", "eu-north-1"}});
  EXPECT_THAT(make(*real, {.bucket = "some-bucket"}, small).error().message, HasSubstr("5.2 MB"));
  const auto clone = access({{"AWS_REGION", "eu-north-1"}, {"AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9"}});
  EXPECT_TRUE(make(*clone, {.bucket = "some-bucket"}, small));
}

TEST_F(aws_stores, refuse_sizes_that_would_stop_every_upload) {
  const auto at = access({{"AWS_REGION", "eu-north-1"}});
  for (const upload_sizes& sizes :
       {upload_sizes{.part = 0}, upload_sizes{.part = 6ULL << 30, .disk = 7ULL << 30},
        upload_sizes{.disk = 1}, upload_sizes{.memory = 1}, upload_sizes{.parts_at_once = 0},
        upload_sizes{.sends_at_once = 0}}) {
    EXPECT_EQ(make(*at, {.bucket = "some-bucket"}, sizes).error().code, error_code::invalid);
  }
}

TEST_F(aws_stores, refuse_names_that_cannot_be) {
  const auto at = access({{"AWS_REGION", "eu-north-1"}});
  for (const auto* name : {"", "ab", "Upper", "under_score", "a/b", "a b"}) {
    EXPECT_FALSE(make(*at, {.bucket = name})) << name;
  }
  for (const auto* name : {"", "ab", "a/b", "a b", "é"}) {
    EXPECT_FALSE(open_dynamodb_catalog(*at, {.table = name}, {})) << name;
    EXPECT_FALSE(open_dynamodb_catalog(*at, {.table = "My_Table", .author_index = name}, {})) << name;
  }
}

}  // namespace
}  // namespace dossier::stores
