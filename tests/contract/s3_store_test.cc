// What only an S3 can show about its objects, on moto.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/services/s3.h"
#include "aws/transport/curl_transport.h"
#include "base/blocking_pool.h"
#include "contract/small_parts.h"
#include "fakes/memory_source.h"
#include "fakes/run.h"
#include "fakes/temporary_folder.h"
#include "stores/aws_stores.h"

namespace dossier::contract {
namespace {

using base::error_code;
using fakes::run_sync;
using namespace std::chrono_literals;
namespace s3 = aws::s3;

const domain::object_key some_key{"0123456789abcdef0123456789abcdef"};
const std::string some_name = "files/" + some_key.value;

class s3_store : public testing::Test {
 protected:
  s3_store() : aws_(world_with_small_parts()), bucket_(aws_.new_bucket()), name_(bucket_.name) {
    open({.staging = folder_.path(), .sizes = {.part = 1'000, .piece = 256, .disk = 10'000}});
  }
  void open(const stores::s3_objects_options& options) {
    store_ = stores::open_s3_objects(aws_.access, {.bucket = name_, .prefix = "files/"}, options, pool_, {})
                 .value()
                 .store;
  }
  void put(std::string bytes) {
    fakes::memory_source source(std::move(bytes));
    const auto done = run_sync(store_->put(some_key, source));
    ASSERT_TRUE(done) << done.error().message;
  }
  void erase() { ASSERT_TRUE(run_sync(store_->erase(some_key))); }
  std::size_t versions() {
    return s3::parse_versions(aws_.call(s3::list_object_versions(bucket_, ""))).value().versions.size();
  }
  std::size_t uploads() {
    return s3::parse_uploads(aws_.call(s3::list_multipart_uploads(bucket_, ""))).value().uploads.size();
  }

  aws_world& aws_;
  s3::bucket bucket_;
  std::string name_;
  fakes::temporary_folder folder_;
  base::blocking_pool pool_{2};
  std::unique_ptr<domain::object_store> store_;
};

TEST_F(s3_store, leaves_no_version_of_what_was_erased) {
  keep_versions(bucket_);
  put("first");
  put("second");
  put(std::string(5'000, 'x'));
  EXPECT_EQ(versions(), 3u);
  erase();
  EXPECT_EQ(versions(), 0u);
  put("again");
  erase();
  erase();
  EXPECT_EQ(versions(), 0u);
}

TEST_F(s3_store, leaves_no_version_of_what_was_deleted_before_there_were_versions) {
  put("old");
  keep_versions(bucket_);
  put("new");
  erase();
  EXPECT_EQ(versions(), 0u);
}

TEST_F(s3_store, aborts_the_uploads_of_this_key_only_when_it_erases) {
  aws_.call(s3::create_multipart_upload(bucket_, some_name, {}, true));
  aws_.call(s3::create_multipart_upload(bucket_, some_name, {}, true));
  aws_.call(s3::create_multipart_upload(bucket_, some_name + "0", {}, true));
  erase();
  EXPECT_EQ(uploads(), 1u);
}

TEST_F(s3_store, finds_what_uploads_left_under_its_keys_and_no_others) {
  EXPECT_TRUE(run_sync(store_->remains(10)).value().unfinished.empty());
  const auto begin = [&](const std::string& name) {
    aws_.call(s3::create_multipart_upload(bucket_, name, {}, true));
  };
  for (const auto& name : {some_name, some_name, "other/" + some_key.value, some_key.value, some_name + "0",
                           std::string("files/report.pdf")}) {
    begin(name);
  }
  for (const auto* name : {"files/README", "elsewhere"}) {
    aws_.call(
        s3::put_object(bucket_, name, {}, {.bytes = aws::text_body(""), .digest = base::sha256_of("")}));
  }
  const auto found = run_sync(store_->remains(10)).value();
  EXPECT_THAT(found.unfinished, testing::ElementsAre(some_key));
  EXPECT_THAT(found.strangers, testing::ElementsAre("files/README"));
  erase();
  EXPECT_TRUE(run_sync(store_->remains(10)).value().unfinished.empty());
  EXPECT_EQ(uploads(), 4u);
}

TEST_F(s3_store, has_its_objects_encrypted_as_configured) {
  open({.staging = folder_.path(),
        .sizes = {.part = 1'000, .piece = 256, .disk = 10'000},
        .encryption = {s3::encryption_kind::kms, "alias/dossier"}});
  for (const std::size_t length : {10, 5'000}) {
    put(std::string(length, 'x'));
    const auto head = s3::parse_head(aws_.call(s3::head_object(bucket_, some_name))).value();
    EXPECT_EQ(head.stored.encryption, "aws:kms") << length;
    EXPECT_EQ(head.size, length);
  }
}

TEST_F(s3_store, works_without_checksums) {
  open({.staging = folder_.path(),
        .sizes = {.part = 1'000, .piece = 256, .disk = 10'000},
        .checksums = false});
  put(std::string(5'000, 'x'));
  EXPECT_EQ(run_sync(store_->stat(some_key)).value(), 5'000u);
}

TEST_F(s3_store, gives_links_to_its_objects_when_they_are_asked_for) {
  const domain::link_headers shown{"text/csv",
                                   "attachment; filename=\"a b.csv\"; filename*=UTF-8''a%20b.csv"};
  put("some bytes");
  EXPECT_EQ(run_sync(store_->link(some_key, shown)).value(), std::nullopt);
  open({.staging = folder_.path(), .sizes = {.part = 1'000, .piece = 256, .disk = 10'000}, .link_time = 90s});
  const auto url = run_sync(store_->link(some_key, shown)).value();
  ASSERT_TRUE(url);
  EXPECT_THAT(*url, testing::HasSubstr("X-Amz-Expires=90"));
  // moto ignores these; S3 puts them into its answer.
  EXPECT_THAT(*url, testing::HasSubstr("response-content-type=text%2Fcsv&"));
  EXPECT_THAT(*url,
              testing::HasSubstr("response-content-disposition=attachment%3B%20filename%3D%22a%20b.csv%22"));
  EXPECT_THAT(*url, testing::HasSubstr("response-cache-control=private%2C%20no-store&"));
  EXPECT_THAT(*url, testing::Not(testing::HasSubstr("testing-secret")));
  aws::curl_transport somebody;
  const auto answer = run_sync(somebody.send({.url = *url}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "some bytes");
  erase();
  EXPECT_NE(run_sync(somebody.send({.url = *url}))->status, 200);
}

TEST_F(s3_store, is_away_when_its_bucket_is) {
  name_ += "-that-is-not-there";
  open({.staging = folder_.path(), .sizes = {.part = 1'000, .piece = 256, .disk = 10'000}});
  EXPECT_EQ(run_sync(store_->check()).error().code, error_code::unavailable);
  EXPECT_EQ(run_sync(store_->stat(some_key)).error().code, error_code::unavailable);
  EXPECT_EQ(run_sync(store_->open(some_key, 0, 1)).error().code, error_code::unavailable);
  EXPECT_EQ(run_sync(store_->erase(some_key)).error().code, error_code::unavailable);
  EXPECT_EQ(run_sync(store_->list({}, 10)).error().code, error_code::unavailable);
  fakes::memory_source source("x");
  EXPECT_EQ(run_sync(store_->put(some_key, source)).error().code, error_code::unavailable);
}

TEST_F(s3_store, is_not_made_with_settings_that_cannot_work) {
  const auto why = [&](const stores::s3_location& where, stores::s3_objects_options options) {
    const auto made = stores::open_s3_objects(aws_.access, where, std::move(options), pool_, {});
    EXPECT_EQ(made.error().code, error_code::invalid);
    return made.error().message;
  };
  EXPECT_THAT(why({.bucket = "No_Bucket"}, {}), testing::HasSubstr("No_Bucket"));
  EXPECT_THAT(why({.bucket = name_}, {.staging = folder_.path() / "missing"}), testing::HasSubstr("missing"));
  EXPECT_THAT(why({.bucket = name_}, {.sizes = {.disk = 1 << 20}}),
              testing::HasSubstr("smaller than one part"));
  EXPECT_THAT(why({.bucket = name_}, {.link_time = 999ms}), testing::HasSubstr("one second"));
  EXPECT_THAT(why({.bucket = name_}, {.link_time = 169h}), testing::HasSubstr("seven days"));
}

}  // namespace
}  // namespace dossier::contract
