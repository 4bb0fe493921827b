#include "stores/checks/bucket_rules.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace dossier::stores {
namespace {

using base::error_code;
using domain::severity;
using domain::store_finding;
using enum domain::severity;
namespace s3 = aws::s3;

class judgement {
 public:
  explicit judgement(const bucket_facts& bucket) : bucket_(bucket) {}

  std::vector<store_finding> all() {
    for (const auto& made : bucket_.probes) {
      if (auto one = judge(made)) say_once(std::move(*one));
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

  // Several calls may meet the same trouble.
  void say_once(store_finding one) {
    const auto same = [&](const store_finding& other) {
      return other.what == one.what && other.is == one.is;
    };
    if (std::ranges::none_of(found_, same)) found_.push_back(std::move(one));
  }

  // Whether the bucket told; otherwise it is said why it did not, unless that is an answer by itself.
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
          "Object Lock is on: what somebody locks stays until the lock ends, and the erasing is owed so "
          "long.");
      return;
    }
    say(warning, "object_lock",
        fmt::format(
            "Object Lock keeps each version for {} days ({}): the bytes of an erased file stay so long "
            "after they were stored, and the erasing is owed.",
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
      return made.permission == permission && judge(made).has_value();
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

std::vector<store_finding> judge(const bucket_facts& bucket) {
  return judgement(bucket).all();
}

}  // namespace dossier::stores
