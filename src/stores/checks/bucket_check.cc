#include "stores/checks/bucket_check.h"

#include <memory>

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

s3::payload one_byte(const s3_place& place) {
  const std::string content = "x";
  return {
      .bytes = aws::text_body(content), .digest = base::sha256_of(content), .send_checksum = place.checksums};
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
  co_await ask({"s3:PutObject", "storing files"},
               s3::upload_part(in, absent, no_such_upload, 1, one_byte(place_)));
  co_await ask({"s3:AbortMultipartUpload", "cleaning up after uploads that were cut off"},
               s3::abort_multipart_upload(in, absent, no_such_upload));
  co_await ask({"s3:ListBucketMultipartUploads", "erasing files and what uploads left"},
               s3::list_multipart_uploads(in, absent, {}, 1));
  co_await ask({"s3:ListBucketVersions", "erasing every version of a file", warning},
               s3::list_object_versions(in, absent, {}, 1));
  co_await ask({"s3:DeleteObjectVersion", "erasing every version of a file", warning},
               s3::delete_object(in, absent, null_version));
  co_return true;
}

awaitable<void> bucket_check::read_settings() {
  const auto& in = place_.bucket;
  facts_.location = co_await tell(s3::get_bucket_location(in), &s3::parse_location);
  facts_.versioning = co_await tell(s3::get_bucket_versioning(in), &s3::parse_versioning);
  facts_.encryption = co_await tell(s3::get_bucket_encryption(in), &s3::parse_encryption);
  facts_.access_block = co_await tell(s3::get_public_access_block(in), &s3::parse_public_access_block);
  facts_.lifecycle = co_await tell(s3::get_bucket_lifecycle(in), &s3::parse_lifecycle);
}

// The key is of the form of ours: should it be left behind, gc finds and erases it.
awaitable<void> bucket_check::write_and_erase() {
  const auto key = place_.prefix + random_.token();
  aws_probe put{"s3:PutObject, or the use of the bucket's KMS key,", "storing files"};
  auto written = co_await client_.call(s3::put_object(place_.bucket, key, place_.traits, one_byte(place_)));
  if (!written) {
    put.failed = std::move(written.error());
    facts_.probes.push_back(std::move(put));
    co_return;
  }
  facts_.written = co_await ask({"s3:DeleteObject", "erasing files"}, s3::delete_object(place_.bucket, key));
  const auto listed = co_await client_.call(s3::list_object_versions(place_.bucket, key));
  const auto versions = listed ? s3::parse_versions(*listed) : s3::version_list();
  if (!versions) co_return;
  for (const auto& each : versions->versions) {
    if (each.key == key) co_await client_.call(s3::delete_object(place_.bucket, key, each.id));
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
