#include "stores/checks/bucket_check.h"

#include <algorithm>
#include <memory>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "aws/endpoints.h"
#include "aws/transport/transport.h"

namespace dossier::stores {
namespace {

using base::error_code;
using domain::severity;
using domain::store_finding;
using enum domain::severity;
namespace s3 = aws::s3;

class bucket_findings {
 public:
  explicit bucket_findings(const bucket_facts& bucket) : bucket_(bucket) {}

  std::vector<store_finding> all() {
    for (const auto& made : bucket_.probes) {
      if (auto one = findings_of(made)) say_once(std::move(*one));
    }
    checksums();
    connection();
    location();
    encryption();
    access_block();
    versioning();
    object_lock();
    unfinished_uploads();
    writes();
    return std::move(found_);
  }

 private:
  void say(severity level, const char* what, std::string is, std::string to_do = {}) {
    found_.push_back({level, what, std::move(is), std::move(to_do)});
  }

  // Several calls may lead to the same finding.
  void say_once(store_finding one) {
    const auto same = [&](const store_finding& other) {
      return other.what == one.what && other.is == one.is;
    };
    if (std::ranges::none_of(found_, same)) found_.push_back(std::move(one));
  }

  // Whether the bucket answered with this fact. If not, a finding says why, unless the answer was
  // `not_found`.
  template <class T>
  bool told(const aws::outcome<T>& fact, std::string_view permission, std::string_view needed_for) {
    if (fact) return true;
    if (fact.error().kind == error_code::not_found) return false;
    if (bucket_.clone && fact.error().kind != error_code::unauthorized) {
      say(note, "answer", fmt::format("This store does not tell about {}.", needed_for));
      return false;
    }
    say_once(explain({.permission = permission, .needed_for = needed_for, .level = warning}, fact.error()));
    return false;
  }

  static bool is_unset(const auto& fact) { return !fact && fact.error().kind == error_code::not_found; }

  void checksums() {
    if (bucket_.checksums_refused.empty()) return;
    say(severity::error, "checksums",
        fmt::format("This store refuses uploads that come with a checksum ({}).", bucket_.checksums_refused),
        "Set s3.checksums = false.");
  }

  void object_lock() {
    if (!told(bucket_.lock, "s3:GetBucketObjectLockConfiguration",
              "telling a lock from a missing permission when a version cannot be erased") ||
        !bucket_.lock->enabled) {
      return;
    }
    if (bucket_.lock->mode.empty()) {
      say(note, "object_lock",
          "Object Lock is on: a version that somebody locks can only be erased when its lock has ended.");
      return;
    }
    say(warning, "object_lock",
        fmt::format(
            "Object Lock keeps each version for {} days ({}): the bytes of an erased file stay that long "
            "after they were stored, and are erased then.",
            bucket_.lock->days, bucket_.lock->mode),
        "See that this is wanted; else take the default retention away.");
  }

  void connection() {
    if (!bucket_.plain) return;
    say(warning, "tls", "Files travel unencrypted: the endpoint is http://.", "Use an https:// endpoint.");
  }

  void location() {
    if (!told(bucket_.location, "s3:GetBucketLocation", "knowing the bucket's region")) return;
    const auto& there = *bucket_.location;
    if (there == bucket_.region || bucket_.clone) {
      say(note, "region", fmt::format("The bucket is in {}.", there));
      return;
    }
    say(severity::error, "region",
        fmt::format("The bucket is in {}, and requests go to {}.", there, bucket_.region),
        fmt::format("Set AWS_REGION={}.", there));
  }

  void encryption() {
    const bool is_told =
        told(bucket_.encryption, "s3:GetEncryptionConfiguration", "knowing how the bucket encrypts");
    if (!is_told && !is_unset(bucket_.encryption)) return;
    const auto kind = is_told ? bucket_.encryption->kind : s3::encryption_kind::bucket_default;
    if (kind == s3::encryption_kind::bucket_default) {
      say(warning, "encryption", "The bucket does not encrypt what it keeps.",
          "Set its default encryption to AES256 or to a KMS key.");
      return;
    }
    say(note, "encryption",
        fmt::format("The bucket encrypts with {}.",
                    kind == s3::encryption_kind::aes256 ? "AES256" : "a KMS key"));
  }

  void access_block() {
    const bool is_told = told(bucket_.access_block, "s3:GetBucketPublicAccessBlock",
                              "knowing whether the bucket can be made public");
    if (!is_told && !is_unset(bucket_.access_block)) return;
    if (is_told && bucket_.access_block->all()) {
      say(note, "public_access", "The bucket cannot be made public.");
      return;
    }
    say(bucket_.clone ? note : warning, "public_access",
        "Nothing keeps the bucket from being made public by a policy or an ACL.",
        "Turn on all four settings of its public access block.");
  }

  bool may(std::string_view permission) const {
    return std::ranges::none_of(bucket_.probes, [&](const aws_probe& made) {
      return made.permission == permission && findings_of(made).has_value();
    });
  }

  void versioning() {
    if (!told(bucket_.versioning, "s3:GetBucketVersioning", "knowing whether old versions are kept")) return;
    if (*bucket_.versioning == s3::versioning::never) {
      say(note, "versioning",
          "The bucket keeps no versions: what is erased outside Dossier cannot be brought back.");
      return;
    }
    if (may("s3:ListBucketVersions") && may("s3:DeleteObjectVersion")) {
      say(note, "versioning", "The bucket keeps versions; Dossier erases every version of what it erases.");
      return;
    }
    const auto days = bucket_.lifecycle ? bucket_.lifecycle->old_versions_expire_days : std::nullopt;
    if (days) {
      say(note, "versioning",
          fmt::format("The bucket keeps versions; what is erased is really gone {} days later.", *days));
      return;
    }
    say(warning, "versioning",
        "The bytes of erased files stay in the bucket as old versions, for as long as there is no rule.",
        "Allow s3:ListBucketVersions and s3:DeleteObjectVersion, or add a lifecycle rule with "
        "NoncurrentVersionExpiration.");
  }

  void unfinished_uploads() {
    if (!told(bucket_.lifecycle, "s3:GetLifecycleConfiguration", "knowing the bucket's lifecycle rules") &&
        !is_unset(bucket_.lifecycle)) {
      return;
    }
    if (bucket_.lifecycle && bucket_.lifecycle->uploads_abort_days) {
      say(note, "lifecycle",
          fmt::format("Uploads that nobody finished are aborted after {} days.",
                      *bucket_.lifecycle->uploads_abort_days));
      return;
    }
    say(bucket_.clone ? note : warning, "lifecycle",
        "No rule aborts uploads that nobody finished; Dossier aborts those it knows of.",
        "Add a lifecycle rule with AbortIncompleteMultipartUpload, 7 days.");
  }

  void writes() {
    if (bucket_.written) {
      say(note, "writes", "An object was written and erased.");
      return;
    }
    say(note, "writes",
        "Whether s3:DeleteObject and the bucket's KMS key are allowed cannot be known without writing.",
        "--probe-writes writes an object of one byte under a random key and erases it.");
  }

  const bucket_facts& bucket_;
  std::vector<store_finding> found_;
};

}  // namespace

std::vector<store_finding> findings_of(const bucket_facts& bucket) {
  return bucket_findings(bucket).all();
}

namespace {

using domain::store_report;
using enum domain::severity;

// No upload has such an id.
constexpr const char* no_such_upload = "dossier-doctor-asks";
// The id of a version that was stored before the bucket kept versions. An object that does not exist has
// none.
constexpr const char* null_version = "null";
constexpr std::string_view keeps_no_versions =
    "Files are erased all the same, and taken to be gone when they are no longer listed. See that the store "
    "keeps no old versions.";

s3::payload one_byte(bool checksums) {
  const std::string content = "x";
  return {.bytes = aws::text_body(content), .digest = base::sha256_of(content), .send_checksum = checksums};
}

// Whether the checksum may be the cause, and not a missing permission or object.
bool is_misunderstood(const aws::error& failed) {
  return failed.kind == base::error_code::invalid || aws::is_not_implemented(failed) ||
         failed.code == "BadDigest" || failed.code == "XAmzContentSHA256Mismatch";
}

}  // namespace

// False when further calls are useless.
awaitable<bool> bucket_check::ask(aws_probe about, aws::request what) {
  auto answer = co_await client_.call(std::move(what));
  if (!answer) about.failed = std::move(answer.error());
  const bool away = about.failed && is_away(*about.failed);
  facts_.probes.push_back(std::move(about));
  co_return !away;
}

// An answer that is not a list of versions means that the store does not list versions.
awaitable<void> bucket_check::ask_versions(aws::request what) {
  aws_probe about{.permission = "s3:ListBucketVersions",
                  .needed_for = "erasing every version of a file",
                  .level = warning,
                  .if_unknown = keeps_no_versions};
  const auto listed = co_await tell(std::move(what), &s3::parse_versions);
  if (!listed) about.failed = listed.error();
  facts_.probes.push_back(std::move(about));
}

// If the store does not understand the request, sends it again without its checksum, because stores that
// imitate S3 may not know checksums.
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

// False when the bucket cannot be asked.
awaitable<bool> bucket_check::probe_permissions() {
  const auto& in = place_.bucket;
  const auto absent = place_.prefix + random_.token();
  // Not HEAD, because a refused HEAD does not say why it was refused.
  if (!co_await ask({"s3:ListBucket", "knowing which files are there"},
                    s3::list_objects(in, place_.prefix, {}, 1))) {
    co_return false;
  }
  // Without s3:ListBucket, S3 also refuses an allowed s3:GetObject when the object does not exist.
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

// The key looks like an object's, so that gc finds and erases it if it is left behind.
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
  if (!versions) co_return;  // the reason was reported before
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
  report.findings = findings_of(facts_);
  co_return report;
}

}  // namespace dossier::stores
