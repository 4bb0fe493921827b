#include "stores/checks/bucket_check.h"

#include <memory>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "aws/body.h"
#include "aws/hosts.h"

namespace dossier::stores {
namespace {

using domain::store_report;
using enum domain::severity;
namespace s3 = aws::s3;

// No upload has such an id.
constexpr const char* no_such_upload = "dossier-doctor-asks";
// Every key may have had a version of this name, from before the bucket kept versions; an absent one has not.
constexpr const char* null_version = "null";
constexpr std::string_view keeps_no_versions =
    "Files are erased all the same, and taken to be gone when they are no longer listed. See that the store "
    "keeps no old versions.";

s3::payload one_byte(bool checksums) {
  const std::string content = "x";
  return {.bytes = aws::text_body(content), .digest = base::sha256_of(content), .send_checksum = checksums};
}

// What may be the checksum's fault, and no refusal or absence.
bool is_misunderstood(const aws::error& failed) {
  return failed.kind == base::error_code::invalid || aws::is_not_implemented(failed) ||
         failed.code == "BadDigest" || failed.code == "XAmzContentSHA256Mismatch";
}

}  // namespace

// Whether it makes sense to go on asking.
awaitable<bool> bucket_check::ask(aws_probe about, aws::request what) {
  auto answer = co_await client_.call(std::move(what));
  if (!answer) about.failed = std::move(answer.error());
  const bool away = about.failed && is_away(*about.failed);
  facts_.probes.push_back(std::move(about));
  co_return !away;
}

// An answer that is no list of versions says that the store has none to list.
awaitable<void> bucket_check::ask_versions(aws::request what) {
  aws_probe about{.permission = "s3:ListBucketVersions",
                  .needed_for = "erasing every version of a file",
                  .level = warning,
                  .if_unknown = keeps_no_versions};
  const auto listed = co_await tell(std::move(what), &s3::parse_versions);
  if (!listed) about.failed = listed.error();
  facts_.probes.push_back(std::move(about));
}

// A request that is not understood is sent again without its checksum: clones of S3 may not know it.
template <class Make>
awaitable<std::optional<aws::error>> bucket_check::send_with_checksum(Make make) {
  auto answer = co_await client_.call(make(place_.checksums));
  if (answer) co_return std::nullopt;
  if (!place_.checksums || !is_misunderstood(answer.error())) co_return std::move(answer.error());
  auto plain = co_await client_.call(make(false));
  if (!plain && is_misunderstood(plain.error())) co_return std::move(answer.error());
  facts_.checksums_refused = answer.error().code;
  if (plain) co_return std::nullopt;
  co_return std::move(plain.error());
}

template <class Make>
awaitable<void> bucket_check::ask_with_checksum(aws_probe about, Make make) {
  about.failed = co_await send_with_checksum(std::move(make));
  facts_.probes.push_back(std::move(about));
}

template <class Fact>
awaitable<aws::outcome<Fact>> bucket_check::tell(aws::request what,
                                                 aws::outcome<Fact> (*parse)(const aws::response&)) {
  auto answer = co_await client_.call(std::move(what));
  if (!answer) co_return aws::pass_error(std::move(answer.error()));
  co_return parse(*answer);
}

// False when the bucket is away.
awaitable<bool> bucket_check::probe_permissions() {
  const auto& in = place_.bucket;
  const auto absent = place_.prefix + random_.token();
  // Not HEAD, whose refusals do not say why.
  if (!co_await ask({"s3:ListBucket", "knowing which files are there"},
                    s3::list_objects(in, place_.prefix, {}, 1))) {
    co_return false;
  }
  // Without the permission to list S3 refuses to tell that an object is not there.
  if (!facts_.probes.front().failed) {
    co_await ask({"s3:GetObject", "reading files"}, s3::get_object(in, absent));
  }
  co_await ask_with_checksum({"s3:PutObject", "storing files"}, [&](bool checksums) {
    return s3::upload_part(in, absent, no_such_upload, 1, one_byte(checksums));
  });
  co_await ask({"s3:AbortMultipartUpload", "cleaning up after uploads that were cut off"},
               s3::abort_multipart_upload(in, absent, no_such_upload));
  co_await ask(
      {.permission = "s3:ListBucketMultipartUploads",
       .needed_for = "erasing files and what uploads left",
       .if_unknown = "Files are erased all the same. Let the store expire uploads that nobody finished."},
      s3::list_multipart_uploads(in, absent, {}, 1));
  co_await ask_versions(s3::list_object_versions(in, absent, {}, 1));
  co_await ask({.permission = "s3:DeleteObjectVersion",
                .needed_for = "erasing every version of a file",
                .level = warning,
                .if_unknown = keeps_no_versions},
               s3::delete_object(in, absent, null_version));
  co_return true;
}

awaitable<void> bucket_check::read_settings() {
  const auto& in = place_.bucket;
  facts_.location = co_await tell(s3::get_bucket_location(in), &s3::parse_location);
  facts_.versioning = co_await tell(s3::get_bucket_versioning(in), &s3::parse_versioning);
  facts_.encryption = co_await tell(s3::get_bucket_encryption(in), &s3::parse_encryption);
  facts_.access_block = co_await tell(s3::get_public_access_block(in), &s3::parse_public_access_block);
  facts_.lock = co_await tell(s3::get_object_lock(in), &s3::parse_object_lock);
  facts_.lifecycle = co_await tell(s3::get_bucket_lifecycle(in), &s3::parse_lifecycle);
}

// The key is of the form of ours: should it be left behind, gc finds and erases it.
awaitable<void> bucket_check::write_and_erase() {
  const auto key = place_.prefix + random_.token();
  aws_probe put{.permission = "s3:PutObject, or the use of the bucket's KMS key,",
                .needed_for = "storing files",
                .tried = true};
  put.failed = co_await send_with_checksum(
      [&](bool checksums) { return s3::put_object(place_.bucket, key, place_.traits, one_byte(checksums)); });
  if (put.failed) {
    facts_.probes.push_back(std::move(put));
    co_return;
  }
  facts_.written =
      co_await ask({.permission = "s3:DeleteObject", .needed_for = "erasing files", .tried = true},
                   s3::delete_object(place_.bucket, key));
  const auto versions = co_await tell(s3::list_object_versions(place_.bucket, key), &s3::parse_versions);
  if (!versions) co_return;  // it was said above why not
  for (const auto& each : std::views::reverse(versions->versions)) {
    if (each.key != key) continue;
    co_await ask({"s3:DeleteObjectVersion", "erasing every version of a file", warning},
                 s3::delete_object(place_.bucket, key, each.id));
  }
}

awaitable<store_report> bucket_check::look(domain::check_depth how) {
  facts_ = {.region = place_.bucket.where.region,
            .clone = place_.bucket.where.custom,
            .plain = place_.bucket.where.scheme == "http" && !aws::is_this_machine(place_.bucket.where.host)};
  store_report report{.store = "objects",
                      .where = fmt::format("s3://{}/{}", place_.bucket.name, place_.prefix)};
  report.reached = co_await probe_permissions();
  if (!report.reached) {
    for (const auto& made : facts_.probes) {
      if (made.failed) report.findings.push_back(explain(made, *made.failed));
    }
    co_return report;
  }
  co_await read_settings();
  if (how.probe_writes) co_await write_and_erase();
  report.findings = judge(facts_);
  co_return report;
}

}  // namespace dossier::stores
