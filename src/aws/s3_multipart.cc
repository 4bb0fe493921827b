// Multipart uploads: requests and answers.
#include <sstream>
#include <utility>

#include "aws/base64.h"
#include "aws/dates.h"
#include "aws/s3.h"
#include "aws/s3_request.h"
#include "aws/xml.h"

namespace dossier::aws::s3 {
namespace {

constexpr operation create{"s3", "CreateMultipartUpload", "s3:PutObject"};
constexpr operation upload{"s3", "UploadPart", "s3:PutObject"};
constexpr operation complete{"s3", "CompleteMultipartUpload", "s3:PutObject"};
constexpr operation abort{"s3", "AbortMultipartUpload", "s3:AbortMultipartUpload"};
constexpr operation list{"s3", "ListMultipartUploads", "s3:ListBucketMultipartUploads"};

constexpr const char* name_space = "http://s3.amazonaws.com/doc/2006-03-01/";
constexpr std::chrono::seconds longest_completion{120};  // S3 puts the object together before it answers

std::string completion_document(const std::vector<uploaded_part>& parts) {
  pugi::xml_document document;
  auto root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = name_space;
  for (const auto& each : parts) {
    auto part = root.append_child("Part");
    if (each.digest) {
      part.append_child("ChecksumSHA256").text() = base64_encode(*each.digest).c_str();
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
  request made = object_request(in, upload, "PUT", key);
  made.query.push_back({"partNumber", std::to_string(number)});
  made.query.push_back({"uploadId", std::string(upload_id)});
  add_payload(made, what);
  return made;
}

request complete_multipart_upload(const bucket& in, std::string_view key, std::string_view upload_id,
                                  const std::vector<uploaded_part>& parts) {
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
  request made = bucket_request(in, list, "GET");
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
    // Without a place to go on from it would be asked for without end.
    if (found.next->key.empty()) return pass_error(invalid_answer("a list that goes on nowhere"));
  }
  return found;
}

}  // namespace dossier::aws::s3
