// What the doctor says about a store, from what the store answered.
#include <algorithm>

#include <gtest/gtest.h>

#include "stores/checks/aws_checks.h"
#include "stores/checks/bucket_check.h"
#include "stores/checks/disk_check.h"
#include "stores/checks/mysql_rules.h"
#include "stores/checks/table_check.h"
#include "stores/findings.h"

namespace dossier::stores {
namespace {

using base::error_code;
using domain::severity;
using namespace std::chrono_literals;
namespace s3 = aws::s3;

aws::error refused(int status = 403) {
  return {error_code::unauthorized, "AccessDenied", "", "", status, {}};
}
aws::error absent(std::string code) {
  return {error_code::not_found, std::move(code), "", "", 404, {}};
}

// --- What a call's failure means

TEST(aws_probe, a_permission_that_is_missing_is_named) {
  const auto found =
      findings_of({.permission = "s3:PutObject", .needed_for = "storing files", .failed = refused()});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->level, severity::error);
  EXPECT_EQ(found->what, "permission");
  EXPECT_TRUE(found->is.contains("s3:PutObject") && found->is.contains("storing files")) << found->is;
}

TEST(aws_probe, what_is_absent_was_let_through) {
  for (const auto kind : {error_code::not_found, error_code::stale, error_code::conflict}) {
    EXPECT_FALSE(
        findings_of({.permission = "s3:GetObject", .failed = aws::error{kind, "Any", "", "", 404, {}}}));
  }
  EXPECT_FALSE(findings_of({.permission = "s3:GetObject"}));
}

TEST(aws_probe, every_answer_that_was_not_expected_is_told_and_says_what_to_do) {
  for (const auto& failed : {aws::error{error_code::invalid, "InvalidRequest", "", "", 400, {}},
                             aws::error{error_code::unavailable, "InternalError", "", "", 500, {}},
                             aws::error{error_code::unavailable, "NotImplemented", "", "", 501, {}},
                             aws::error{error_code::internal, "PermanentRedirect", "", "", 301, {}},
                             aws::error{error_code::too_large, "AnswerTooLarge", "", "", 0, {}},
                             aws::error{error_code::unavailable, "InvalidAnswer", "", "", 0, {}}}) {
    const auto found =
        findings_of({.permission = "s3:PutObject", .needed_for = "storing files", .failed = failed});
    ASSERT_TRUE(found) << failed.code;
    EXPECT_NE(found->level, severity::note);
    EXPECT_TRUE(found->is.contains(failed.code)) << found->is;
    EXPECT_FALSE(found->to_do.empty());
    const auto tried = findings_of(
        {.permission = "s3:PutObject", .needed_for = "storing files", .failed = failed, .tried = true});
    ASSERT_TRUE(tried) << failed.code;
    EXPECT_EQ(tried->level, severity::error) << "it was not only asked about";
  }
}

TEST(aws_probe, a_redirect_names_the_region_to_set) {
  const auto found = findings_of({.permission = "s3:ListBucket",
                                  .needed_for = "knowing which files are there",
                                  .failed = aws::error{.kind = error_code::internal,
                                                       .code = "PermanentRedirect",
                                                       .status = 301,
                                                       .region = "ap-south-2"}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->what, "region");
  EXPECT_TRUE(found->to_do.contains("AWS_REGION=ap-south-2"));
}

TEST(aws_probe, what_a_store_does_not_know_is_a_warning_where_it_can_do_without) {
  const auto found =
      findings_of({.permission = "s3:ListBucketVersions",
                   .needed_for = "erasing every version of a file",
                   .failed = aws::error{error_code::unavailable, "NotImplemented", "", "", 501, {}},
                   .if_unknown = "Do this."});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->level, severity::warning);
  EXPECT_EQ(found->to_do, "Do this.");
}

TEST(aws_probe, credentials_that_are_not_known_are_no_missing_permission) {
  const auto found =
      findings_of({.permission = "s3:GetObject",
                   .level = severity::warning,
                   .failed = aws::error{error_code::unauthorized, "ExpiredToken", "", "", 403, {}}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->what, "credentials");
  EXPECT_EQ(found->level, severity::error);
  EXPECT_FALSE(found->is.contains("s3:GetObject"));
}

TEST(aws_probe, a_store_that_does_not_answer_is_away) {
  EXPECT_TRUE(is_away({error_code::unavailable, "ConnectionFailed", "", "", 0, {}}));
  EXPECT_TRUE(is_away({error_code::timed_out, "TimedOut", "", "", 0, {}}));
  EXPECT_FALSE(is_away(refused()));
  EXPECT_FALSE(is_away(absent("NoSuchKey")));
}

// --- Buckets

bucket_facts good_bucket() {
  return {.region = "eu-central-1",
          .written = true,
          .location = "eu-central-1",
          .versioning = s3::versioning::enabled,
          .encryption = s3::encryption{s3::encryption_kind::aes256},
          .access_block = s3::public_access_block{true, true, true, true},
          .lifecycle = s3::lifecycle{30, 7}};
}

TEST(bucket_rules, a_bucket_that_is_as_it_should_be_gets_notes_only) {
  EXPECT_EQ(worse_than_notes(findings_of(good_bucket())), words());
}

TEST(bucket_rules, another_region_is_an_error_and_says_which) {
  auto bucket = good_bucket();
  bucket.location = "us-west-2";
  const auto found = findings_of(bucket);
  EXPECT_EQ(worse_than_notes(found), words{"error region"});
  EXPECT_TRUE(says(found, "AWS_REGION=us-west-2"));
}

TEST(bucket_rules, without_encryption_it_warns) {
  auto bucket = good_bucket();
  bucket.encryption = aws::pass_error(absent("ServerSideEncryptionConfigurationNotFoundError"));
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words{"warning encryption"});
}

TEST(bucket_rules, one_open_setting_of_the_access_block_is_enough_to_warn) {
  auto bucket = good_bucket();
  bucket.access_block->restrict_buckets = false;
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words{"warning public_access"});
  bucket.access_block = aws::pass_error(absent("NoSuchPublicAccessBlockConfiguration"));
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words{"warning public_access"});
}

TEST(bucket_rules, an_object_lock_is_named) {
  auto bucket = good_bucket();
  bucket.lock = s3::object_lock{.enabled = true, .mode = "COMPLIANCE", .days = 30};
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words{"warning object_lock"});
  EXPECT_TRUE(says(findings_of(bucket), "30 days (COMPLIANCE)"));
  bucket.lock = s3::object_lock{.enabled = true};
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words());
  EXPECT_TRUE(says(findings_of(bucket), "Object Lock"));
  bucket.lock = aws::pass_error(absent("ObjectLockConfigurationNotFoundError"));
  EXPECT_FALSE(says(findings_of(bucket), "Object Lock"));
}

TEST(bucket_rules, checksums_that_are_refused_are_told_with_the_setting) {
  auto bucket = good_bucket();
  bucket.checksums_refused = "InvalidRequest";
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words{"error checksums"});
  EXPECT_TRUE(says(findings_of(bucket), "s3.checksums = false"));
}

TEST(bucket_rules, old_versions_must_go_one_way_or_the_other) {
  auto bucket = good_bucket();
  bucket.probes = {{.permission = "s3:DeleteObjectVersion", .level = severity::warning, .failed = refused()}};
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words{"warning permission"}) << "they expire";
  bucket.lifecycle = s3::lifecycle{.uploads_abort_days = 7};
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), (words{"warning permission", "warning versioning"}));
  bucket.versioning = s3::versioning::never;
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words{"warning permission"}) << "there are none";
}

TEST(bucket_rules, without_a_rule_for_unfinished_uploads_it_warns) {
  auto bucket = good_bucket();
  bucket.lifecycle = aws::pass_error(absent("NoSuchLifecycleConfiguration"));
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words{"warning lifecycle"});
}

TEST(bucket_rules, what_may_not_be_read_is_a_warning_that_names_the_permission) {
  auto bucket = good_bucket();
  bucket.encryption = aws::pass_error(refused());
  const auto found = findings_of(bucket);
  EXPECT_EQ(worse_than_notes(found), words{"warning permission"});
  EXPECT_TRUE(says(found, "s3:GetEncryptionConfiguration"));
}

TEST(bucket_rules, a_clone_that_knows_less_is_not_blamed) {
  auto bucket = good_bucket();
  bucket.clone = true;
  const aws::error unknown{error_code::unavailable, "NotImplemented", "", "", 501, {}};
  bucket.access_block = aws::pass_error(unknown);
  bucket.lifecycle = aws::pass_error(unknown);
  bucket.encryption = aws::pass_error(unknown);
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words());
}

TEST(bucket_rules, files_over_plain_http_to_another_machine_are_warned_of) {
  auto bucket = good_bucket();
  bucket.plain = true;
  EXPECT_EQ(worse_than_notes(findings_of(bucket)), words{"warning tls"});
}

// --- Tables

table_facts good_table() {
  return {.index = "by-author",
          .description = aws::dynamodb::table_description{
              .status = "ACTIVE",
              .key = {"filename", ""},
              .types = {{"filename", "S"}, {"Author", "S"}},
              .indexes = {{"by-author", {"Author", "filename"}, "ACTIVE", "ALL"}},
              .deletion_protected = true}};
}

TEST(table_rules, a_table_that_is_as_it_should_be_gets_notes_only) {
  EXPECT_EQ(worse_than_notes(findings_of(good_table())), words());
}

TEST(table_rules, another_key_is_an_error) {
  auto table = good_table();
  table.description->key = {"filename", "Author"};
  EXPECT_EQ(worse_than_notes(findings_of(table)), words{"error key"});
  table = good_table();
  table.description->types["filename"] = "N";
  EXPECT_EQ(worse_than_notes(findings_of(table)), words{"error key"});
}

TEST(table_rules, the_index_must_be_there_with_its_key_whole_and_active) {
  auto table = good_table();
  table.index = "another";
  EXPECT_EQ(worse_than_notes(findings_of(table)), words{"error index"});
  table = good_table();
  table.description->indexes[0].key.range = "";
  EXPECT_EQ(worse_than_notes(findings_of(table)), words{"error index"});
  table = good_table();
  table.description->indexes[0].projection = "KEYS_ONLY";
  EXPECT_EQ(worse_than_notes(findings_of(table)), words{"error index"});
  table = good_table();
  table.description->indexes[0].status = "CREATING";
  EXPECT_EQ(worse_than_notes(findings_of(table)), words{"warning index"});
}

TEST(table_rules, a_table_that_anybody_may_delete_is_warned_of) {
  auto table = good_table();
  table.description->deletion_protected = false;
  EXPECT_EQ(worse_than_notes(findings_of(table)), words{"warning protection"});
}

TEST(table_rules, a_description_that_may_not_be_read_is_a_warning) {
  auto table = good_table();
  table.description = aws::pass_error(refused(400));
  const auto found = findings_of(table);
  EXPECT_EQ(worse_than_notes(found), words{"warning permission"});
  EXPECT_TRUE(says(found, "dynamodb:DescribeTable"));
}

TEST(clocks, a_little_off_is_nothing_and_far_off_an_error) {
  EXPECT_FALSE(check_clock("AWS", 4s));
  EXPECT_EQ(check_clock("AWS", -30s)->level, severity::warning);
  EXPECT_EQ(check_clock("AWS", 6min)->level, severity::error);
  EXPECT_TRUE(check_clock("AWS", -30s)->is.contains("30 s behind"));
}

// --- This machine

TEST(disk_rules, little_room_is_warned_of_and_none_is_an_error) {
  EXPECT_FALSE(check_room(2'000, 1'600, "/d"));
  EXPECT_EQ(check_room(1'000, 1'600, "/d")->level, severity::warning);
  EXPECT_EQ(check_room(10, 1'600, "/d")->level, severity::warning);
}

TEST(caller_rules, says_where_credentials_are_from_and_never_what_they_are) {
  const base::time_point now{std::chrono::hours(500'000)};
  const aws::credentials keys{.access_key = "AKIAPLANTED", .secret_key = "planted-secret"};
  auto session = keys;
  session.session_token = "planted-token";
  session.expires = now + 1h;
  auto old = session;
  old.expires = now - 1h;
  for (const auto& [found, level] :
       {std::pair{keys, severity::note}, {session, severity::note}, {old, severity::error}}) {
    const auto said = check_credentials("profile \"work\"", found, now);
    ASSERT_EQ(said.size(), 1u);
    EXPECT_EQ(said[0].level, level) << said[0].is;
    EXPECT_TRUE(says(said, "profile \"work\""));
    EXPECT_FALSE(says(said, "planted") || says(said, "PLANTED"));
  }
  EXPECT_EQ(check_credentials("nowhere", aws::pass_error(aws::no_credentials("none")), now)[0].level,
            severity::error);
}

}  // namespace
}  // namespace dossier::stores
