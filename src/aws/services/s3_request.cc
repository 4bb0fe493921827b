// Requests for objects. s3_objects.cc has those for lists and multipart uploads, s3_bucket.cc those for
// buckets.
#include <utility>

#include <fmt/format.h>

#include "aws/endpoints.h"
#include "aws/services/s3.h"
#include "aws/services/s3_request.h"
#include "base/encoding.h"
#include "base/expects.h"

namespace dossier::aws::s3 {
namespace {

constexpr operation put{"s3", "PutObject", "s3:PutObject"};
constexpr operation get{"s3", "GetObject", "s3:GetObject"};
constexpr operation head{"s3", "HeadObject", "s3:GetObject"};
constexpr operation head_version{"s3", "HeadObject", "s3:GetObjectVersion"};
constexpr operation remove{"s3", "DeleteObject", "s3:DeleteObject"};
constexpr operation remove_version{"s3", "DeleteObject", "s3:DeleteObjectVersion"};

}  // namespace

bucket make_bucket(endpoint where, std::string name) {
  const auto how = where.buckets;
  const bool dotted = name.find('.') != std::string::npos;
  const bool covered = !dotted || (where.scheme == "http" && how == addressing::virtual_host);
  const bool possible = covered && !is_ip_address(where.host);
  const bool wanted = how == addressing::virtual_host || (how == addressing::automatic && !where.custom);
  return {std::move(where), std::move(name), !possible || !wanted};
}

request bucket_request(const bucket& in, const operation& what, std::string method) {
  request made{.what = what, .where = in.where, .method = std::move(method)};
  if (in.path_style) {
    made.path = '/' + encode_path(in.name);
  } else {
    made.where.host = in.name + '.' + in.where.host;
  }
  return made;
}

request object_request(const bucket& in, const operation& what, std::string method, std::string_view key) {
  request made = bucket_request(in, what, std::move(method));
  if (!made.path.ends_with('/')) made.path += '/';
  made.path += encode_path(key);
  return made;
}

void add_payload(request& to, const payload& what) {
  base::expects(what.bytes != nullptr, "a payload has bytes");
  to.body = what.bytes;
  to.payload_sha256 = base::to_hex(what.digest);
  if (what.send_checksum) to.headers.push_back({"x-amz-checksum-sha256", base::base64_encode(what.digest)});
}

void add_traits(request& to, const object_traits& traits) {
  to.headers.push_back({"Content-Type", traits.content_type});
  switch (traits.encryption.kind) {
    case encryption_kind::bucket_default:
      return;
    case encryption_kind::aes256:
      to.headers.push_back({"x-amz-server-side-encryption", "AES256"});
      return;
    case encryption_kind::kms:
      to.headers.push_back({"x-amz-server-side-encryption", "aws:kms"});
      if (traits.encryption.kms_key.empty()) return;
      to.headers.push_back({"x-amz-server-side-encryption-aws-kms-key-id", traits.encryption.kms_key});
      return;
  }
}

request put_object(const bucket& in, std::string_view key, const object_traits& traits, const payload& what) {
  request made = object_request(in, put, "PUT", key);
  add_traits(made, traits);
  add_payload(made, what);
  return made;
}

request get_object(const bucket& in, std::string_view key, std::optional<byte_range> range) {
  request made = object_request(in, get, "GET", key);
  if (range) {
    base::expects(range->length > 0, "a range has at least one byte");
    made.headers.push_back(
        {"Range", fmt::format("bytes={}-{}", range->offset, range->offset + range->length - 1)});
  }
  return made;
}

request get_object_as(const bucket& in, std::string_view key, const answer_headers& shown) {
  request made = object_request(in, get, "GET", key);
  made.query = {{"response-content-type", shown.content_type},
                {"response-content-disposition", shown.content_disposition},
                {"response-cache-control", "private, no-store"}};
  return made;
}

request head_object(const bucket& in, std::string_view key, std::string_view version) {
  request made = object_request(in, version.empty() ? head : head_version, "HEAD", key);
  if (!version.empty()) made.query.push_back({"versionId", std::string(version)});
  return made;
}

request delete_object(const bucket& in, std::string_view key, std::string_view version) {
  request made = object_request(in, version.empty() ? remove : remove_version, "DELETE", key);
  if (!version.empty()) made.query.push_back({"versionId", std::string(version)});
  return made;
}

}  // namespace dossier::aws::s3
