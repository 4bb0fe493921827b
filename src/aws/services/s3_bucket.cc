// Requests and answers about the configuration of a bucket, for `dossier doctor`.
#include <algorithm>
#include <utility>

#include "aws/services/s3.h"
#include "aws/services/s3_request.h"
#include "aws/services/xml.h"
#include "aws/signing/dates.h"
#include "base/ascii.h"

namespace dossier::aws::s3 {
namespace {

constexpr operation head{"s3", "HeadBucket", "s3:ListBucket"};
constexpr operation location{"s3", "GetBucketLocation", "s3:GetBucketLocation"};
constexpr operation get_versioning{"s3", "GetBucketVersioning", "s3:GetBucketVersioning"};
constexpr operation get_encryption{"s3", "GetBucketEncryption", "s3:GetEncryptionConfiguration"};
constexpr operation get_block{"s3", "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"};
constexpr operation get_lifecycle{"s3", "GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"};
constexpr operation get_lock{"s3", "GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"};

request ask(const bucket& in, const operation& what, const char* about) {
  request made = bucket_request(in, what, "GET");
  made.query.push_back({about, ""});
  return made;
}

// The root element, if it has this name, or the name that some clones give it, such as
// GetBucketVersioningResponse; otherwise null.
pugi::xml_node root_of(const response& answer, pugi::xml_document& document, std::string_view name) {
  if (!parse_xml(answer.body, document)) return {};
  const auto root = document.document_element();
  const std::string_view given = root.name();
  const bool expected = given == name || (given.starts_with("GetBucket") && given.ends_with("Response"));
  return expected ? root : pugi::xml_node();
}

void keep_shortest(std::optional<int>& days, const pugi::xml_node& action, const char* name) {
  const auto given = to_number(xml_text(action, name));
  if (!given || *given > 100'000) return;
  const int these = static_cast<int>(*given);
  days = days ? std::min(*days, these) : these;
}

}  // namespace

request head_bucket(const bucket& in) {
  return bucket_request(in, head, "HEAD");
}

request get_bucket_location(const bucket& in) {
  return ask(in, location, "location");
}

request get_bucket_versioning(const bucket& in) {
  return ask(in, get_versioning, "versioning");
}

request get_bucket_encryption(const bucket& in) {
  return ask(in, get_encryption, "encryption");
}

request get_public_access_block(const bucket& in) {
  return ask(in, get_block, "publicAccessBlock");
}

request get_bucket_lifecycle(const bucket& in) {
  return ask(in, get_lifecycle, "lifecycle");
}

request get_object_lock(const bucket& in) {
  return ask(in, get_lock, "object-lock");
}

outcome<std::string> parse_location(const response& answer) {
  pugi::xml_document document;
  const auto root = root_of(answer, document, "LocationConstraint");
  if (!root) return pass_error(invalid_answer("no location"));
  std::string region = root.text().get();
  // Two old regions have special values.
  if (region.empty()) return "us-east-1";
  if (region == "EU") return "eu-west-1";
  return region;
}

outcome<versioning> parse_versioning(const response& answer) {
  pugi::xml_document document;
  const auto root = root_of(answer, document, "VersioningConfiguration");
  if (!root) return pass_error(invalid_answer("no versioning"));
  const auto status = xml_text(root, "Status");
  if (status == "Enabled") return versioning::enabled;
  return status == "Suspended" ? versioning::suspended : versioning::never;
}

outcome<encryption> parse_encryption(const response& answer) {
  pugi::xml_document document;
  const auto root = root_of(answer, document, "ServerSideEncryptionConfiguration");
  if (!root) return pass_error(invalid_answer("no encryption"));
  const auto rule = root.child("Rule").child("ApplyServerSideEncryptionByDefault");
  const auto algorithm = xml_text(rule, "SSEAlgorithm");
  if (algorithm == "AES256") return encryption{encryption_kind::aes256};
  if (algorithm.starts_with("aws:kms")) {
    return encryption{encryption_kind::kms, xml_text(rule, "KMSMasterKeyID")};
  }
  return encryption{};
}

outcome<public_access_block> parse_public_access_block(const response& answer) {
  pugi::xml_document document;
  const auto root = root_of(answer, document, "PublicAccessBlockConfiguration");
  if (!root) return pass_error(invalid_answer("no public access block"));
  const auto is_on = [&](const char* name) {
    return base::ascii_equal(xml_text(root, name), "true");
  };
  return public_access_block{is_on("BlockPublicAcls"), is_on("IgnorePublicAcls"), is_on("BlockPublicPolicy"),
                             is_on("RestrictPublicBuckets")};
}

outcome<lifecycle> parse_lifecycle(const response& answer) {
  pugi::xml_document document;
  const auto root = root_of(answer, document, "LifecycleConfiguration");
  if (!root) return pass_error(invalid_answer("no lifecycle"));
  lifecycle found;
  for (const auto& rule : root.children("Rule")) {
    if (xml_text(rule, "Status") != "Enabled") continue;
    keep_shortest(found.old_versions_expire_days, rule.child("NoncurrentVersionExpiration"),
                  "NoncurrentDays");
    keep_shortest(found.uploads_abort_days, rule.child("AbortIncompleteMultipartUpload"),
                  "DaysAfterInitiation");
  }
  return found;
}

outcome<object_lock> parse_object_lock(const response& answer) {
  pugi::xml_document document;
  const auto root = root_of(answer, document, "ObjectLockConfiguration");
  if (!root) return pass_error(invalid_answer("no object lock"));
  object_lock found{.enabled = xml_text(root, "ObjectLockEnabled") == "Enabled"};
  const auto retention = root.child("Rule").child("DefaultRetention");
  found.mode = xml_text(retention, "Mode");
  const auto number = [&](const char* name) {
    return static_cast<int>(
        std::min<std::uint64_t>(to_number(xml_text(retention, name)).value_or(0), 36'500));
  };
  found.days = number("Days") + number("Years") * 365;
  return found;
}

version_lock parse_version_lock(const headers& answer) {
  version_lock found;
  const auto* hold = find_header(answer, "x-amz-object-lock-legal-hold");
  found.legal_hold = hold != nullptr && base::ascii_equal(*hold, "ON");
  const auto* until = find_header(answer, "x-amz-object-lock-retain-until-date");
  if (until != nullptr) found.until = parse_iso_date(*until);
  return found;
}

}  // namespace dossier::aws::s3
