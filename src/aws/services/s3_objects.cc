// Answers about objects, lists of objects, and multipart uploads.
#include <sstream>
#include <utility>

#include "aws/services/s3.h"
#include "aws/services/s3_request.h"
#include "aws/services/xml.h"
#include "aws/signing/dates.h"
#include "base/encoding.h"
#include "base/expects.h"

namespace dossier::aws::s3 {
namespace {

constexpr operation list{"s3", "ListObjectsV2", "s3:ListBucket"};
constexpr operation list_versions{"s3", "ListObjectVersions", "s3:ListBucketVersions"};

std::string header_or_nothing(const headers& all, std::string_view name) {
  const auto* found = find_header(all, name);
  return found != nullptr ? *found : std::string();
}

stored_object stored_from(const headers& all) {
  return {header_or_nothing(all, "ETag"), header_or_nothing(all, "x-amz-version-id"),
          header_or_nothing(all, "x-amz-server-side-encryption")};
}

base::time_point modified_of(const pugi::xml_node& entry) {
  return parse_iso_date(xml_text(entry, "LastModified")).value_or(base::time_point{});
}

}  // namespace

outcome<stored_object> parse_stored(const response& answer) {
  auto stored = stored_from(answer.headers);
  if (stored.etag.empty()) return pass_error(invalid_answer("no ETag"));
  return stored;
}

outcome<content_range> parse_content_range(const headers& answer) {
  static constexpr std::string_view unit = "bytes ";
  const auto* given = find_header(answer, "Content-Range");
  std::string_view text = given != nullptr ? std::string_view(*given) : std::string_view();
  const auto dash = text.find('-');
  const auto slash = text.find('/');
  const bool complete = text.starts_with(unit) && dash != std::string_view::npos &&
                        slash != std::string_view::npos && dash < slash;
  if (!complete) return pass_error(invalid_answer("no range"));
  const auto first = to_number(text.substr(unit.size(), dash - unit.size()));
  const auto last = to_number(text.substr(dash + 1, slash - dash - 1));
  const auto size = to_number(text.substr(slash + 1));
  const bool holds = first && last && size && *first <= *last && *last < *size;
  if (!holds) return pass_error(invalid_answer("not a valid range"));
  return content_range{*first, *last, *size};
}

outcome<std::uint64_t> parse_object_size(const headers& answer) {
  if (find_header(answer, "Content-Range") != nullptr) {
    const auto range = parse_content_range(answer);
    if (!range) return pass_error(range.error());
    return range->size;
  }
  const auto* length = find_header(answer, "Content-Length");
  const auto size = length != nullptr ? to_number(*length) : std::nullopt;
  if (!size) return pass_error(invalid_answer("no size"));
  return *size;
}

outcome<object_head> parse_head(const response& answer) {
  const auto size = parse_object_size(answer.headers);
  if (!size) return pass_error(size.error());
  return object_head{*size, stored_from(answer.headers), header_or_nothing(answer.headers, "Content-Type")};
}

request list_objects(const bucket& in, std::string_view prefix, std::string_view after, int limit) {
  base::expects(limit > 0, "a list has at least one entry");
  request made = bucket_request(in, list, "GET");
  made.query.push_back({"list-type", "2"});
  made.query.push_back({"max-keys", std::to_string(limit)});
  if (!prefix.empty()) made.query.push_back({"prefix", std::string(prefix)});
  if (!after.empty()) made.query.push_back({"start-after", std::string(after)});
  return made;
}

outcome<object_list> parse_objects(const response& answer) {
  pugi::xml_document document;
  if (!parse_xml(answer.body, document)) return pass_error(invalid_answer("not the XML of a list"));
  const auto root = document.document_element();
  if (std::string_view(root.name()) != "ListBucketResult") return pass_error(invalid_answer("not a list"));
  object_list found{.objects = {}, .more = xml_text(root, "IsTruncated") == "true"};
  for (const auto& each : root.children("Contents")) {
    const auto size = to_number(xml_text(each, "Size"));
    if (!size) return pass_error(invalid_answer("an object without a size"));
    found.objects.push_back({xml_text(each, "Key"), *size, modified_of(each)});
  }
  // An empty list that says "more" would make the caller ask for ever.
  if (found.more && found.objects.empty())
    return pass_error(invalid_answer("an empty list that says there is more"));
  return found;
}

request list_object_versions(const bucket& in, std::string_view prefix, const list_marker& after, int limit) {
  base::expects(limit > 0, "a list has at least one entry");
  request made = bucket_request(in, list_versions, "GET");
  made.query.push_back({"versions", ""});
  made.query.push_back({"max-keys", std::to_string(limit)});
  if (!prefix.empty()) made.query.push_back({"prefix", std::string(prefix)});
  if (!after.key.empty()) made.query.push_back({"key-marker", after.key});
  if (!after.id.empty()) made.query.push_back({"version-id-marker", after.id});
  return made;
}

outcome<version_list> parse_versions(const response& answer) {
  pugi::xml_document document;
  if (!parse_xml(answer.body, document)) return pass_error(invalid_answer("not the XML of a list"));
  const auto root = document.document_element();
  // A clone of S3 that has no versions may answer with a list of objects instead.
  if (std::string_view(root.name()) == "ListBucketResult") return pass_error(not_implemented("versions"));
  if (std::string_view(root.name()) != "ListVersionsResult") return pass_error(invalid_answer("not a list"));
  version_list found;
  for (const auto& each : root.children()) {
    const std::string_view name = each.name();
    if (name != "Version" && name != "DeleteMarker") continue;
    found.versions.push_back({.key = xml_text(each, "Key"),
                              .id = xml_text(each, "VersionId"),
                              .latest = xml_text(each, "IsLatest") == "true",
                              .delete_marker = name == "DeleteMarker",
                              .size = to_number(xml_text(each, "Size")).value_or(0),
                              .modified = modified_of(each)});
  }
  if (xml_text(root, "IsTruncated") == "true") {
    found.next = list_marker{xml_text(root, "NextKeyMarker"), xml_text(root, "NextVersionIdMarker")};
    if (found.next->key.empty()) return pass_error(invalid_answer("a list that does not say where to go on"));
  }
  return found;
}

// Multipart uploads: requests and answers.

namespace {

constexpr operation create{"s3", "CreateMultipartUpload", "s3:PutObject"};
constexpr operation upload{"s3", "UploadPart", "s3:PutObject"};
constexpr operation complete{"s3", "CompleteMultipartUpload", "s3:PutObject"};
constexpr operation abort{"s3", "AbortMultipartUpload", "s3:AbortMultipartUpload"};
constexpr operation list_uploads{"s3", "ListMultipartUploads", "s3:ListBucketMultipartUploads"};

constexpr int most_parts = 10'000;  // S3's limit
constexpr const char* name_space = "http://s3.amazonaws.com/doc/2006-03-01/";
constexpr std::chrono::seconds longest_completion{120};  // S3 puts the object together before it answers

std::string completion_document(const std::vector<uploaded_part>& parts) {
  pugi::xml_document document;
  auto root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = name_space;
  for (const auto& each : parts) {
    auto part = root.append_child("Part");
    if (each.digest) {
      part.append_child("ChecksumSHA256").text() = base::base64_encode(*each.digest).c_str();
    }
    part.append_child("ETag").text() = each.etag.c_str();
    part.append_child("PartNumber").text() = each.number;
  }
  std::ostringstream text;
  document.save(text, "", pugi::format_raw);
  return std::move(text).str();
}

}  // namespace

request create_multipart_upload(const bucket& in, std::string_view key, const object_traits& traits,
                                bool checksums) {
  request made = object_request(in, create, "POST", key);
  made.query.push_back({"uploads", ""});
  add_traits(made, traits);
  if (checksums) made.headers.push_back({"x-amz-checksum-algorithm", "SHA256"});
  return made;
}

request upload_part(const bucket& in, std::string_view key, std::string_view upload_id, int number,
                    const payload& what) {
  base::expects(number >= 1 && number <= most_parts, "parts are numbered from 1 to 10 000");
  base::expects(!upload_id.empty(), "the upload has begun");
  request made = object_request(in, upload, "PUT", key);
  made.query.push_back({"partNumber", std::to_string(number)});
  made.query.push_back({"uploadId", std::string(upload_id)});
  add_payload(made, what);
  return made;
}

request complete_multipart_upload(const bucket& in, std::string_view key, std::string_view upload_id,
                                  const std::vector<uploaded_part>& parts) {
  base::expects(!upload_id.empty(), "the upload has begun");
  request made = object_request(in, complete, "POST", key);
  made.query.push_back({"uploadId", std::string(upload_id)});
  made.headers.push_back({"Content-Type", "application/xml"});
  made.body = text_body(completion_document(parts));
  made.limits.first_byte = longest_completion;
  made.limits.stall = longest_completion;
  return made;
}

request abort_multipart_upload(const bucket& in, std::string_view key, std::string_view upload_id) {
  request made = object_request(in, abort, "DELETE", key);
  made.query.push_back({"uploadId", std::string(upload_id)});
  return made;
}

request list_multipart_uploads(const bucket& in, std::string_view prefix, const list_marker& after,
                               int limit) {
  base::expects(limit > 0, "a list has at least one entry");
  request made = bucket_request(in, list_uploads, "GET");
  made.query.push_back({"uploads", ""});
  made.query.push_back({"max-uploads", std::to_string(limit)});
  if (!prefix.empty()) made.query.push_back({"prefix", std::string(prefix)});
  if (!after.key.empty()) made.query.push_back({"key-marker", after.key});
  if (!after.id.empty()) made.query.push_back({"upload-id-marker", after.id});
  return made;
}

outcome<std::string> parse_upload_id(const response& answer) {
  pugi::xml_document document;
  auto id =
      parse_xml(answer.body, document) ? xml_text(document.document_element(), "UploadId") : std::string();
  if (id.empty()) return pass_error(invalid_answer("no UploadId"));
  return id;
}

outcome<stored_object> parse_completed(const response& answer) {
  pugi::xml_document document;
  if (!parse_xml(answer.body, document))
    return pass_error(invalid_answer("not the XML of a completed upload"));
  stored_object stored{.etag = xml_text(document.document_element(), "ETag")};
  if (stored.etag.empty()) return pass_error(invalid_answer("no ETag"));
  if (const auto* version = answer.find("x-amz-version-id")) stored.version = *version;
  if (const auto* encryption = answer.find("x-amz-server-side-encryption")) stored.encryption = *encryption;
  return stored;
}

outcome<upload_list> parse_uploads(const response& answer) {
  pugi::xml_document document;
  if (!parse_xml(answer.body, document)) return pass_error(invalid_answer("not the XML of a list"));
  const auto root = document.document_element();
  if (std::string_view(root.name()) != "ListMultipartUploadsResult") {
    return pass_error(invalid_answer("not a list of uploads"));
  }
  upload_list found;
  for (const auto& each : root.children("Upload")) {
    found.uploads.push_back({xml_text(each, "Key"), xml_text(each, "UploadId"),
                             parse_iso_date(xml_text(each, "Initiated")).value_or(base::time_point{})});
  }
  if (xml_text(root, "IsTruncated") == "true") {
    found.next = list_marker{xml_text(root, "NextKeyMarker"), xml_text(root, "NextUploadIdMarker")};
    // Without the place at which to continue, the caller would ask for ever.
    if (found.next->key.empty()) return pass_error(invalid_answer("a list that does not say where to go on"));
  }
  return found;
}

}  // namespace dossier::aws::s3
