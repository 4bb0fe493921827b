// Requests to S3, and what its answers say. Pure: the client sends them.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "aws/request.h"
#include "aws/transport/transport.h"
#include "base/clock.h"
#include "base/sha256.h"

namespace dossier::aws::s3 {

struct bucket {
  endpoint where;
  std::string name;
  bool path_style = false;  // http://host/bucket/key instead of http://bucket.host/key
};
// Uses path style for endpoints that are not AWS's own, unless the settings choose virtual hosts; always for
// IP addresses, which have no subdomains; and for names with a dot, which certificates do not cover, unless
// virtual hosts are chosen and the scheme is http.
bucket make_bucket(endpoint where, std::string name);

enum class encryption_kind { bucket_default, aes256, kms };
struct encryption {
  encryption_kind kind = encryption_kind::bucket_default;
  std::string kms_key = {};  // empty: AWS's own key
};

struct object_traits {
  std::string content_type = "application/octet-stream";
  s3::encryption encryption = {};
};

// `digest` is of the body. It is part of the signature. With `send_checksum`, S3 also checks it and keeps it.
struct payload {
  body_ptr bytes;
  base::sha256_digest digest = {};
  bool send_checksum = true;  // off: for old clones that do not know the header
};

request put_object(const bucket& in, std::string_view key, const object_traits& traits, const payload& what);
// `length` bytes (at least 1) from `offset`; without a range, the whole object. For client::open().
struct byte_range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
request get_object(const bucket& in, std::string_view key, std::optional<byte_range> range = {});
// For a link: S3 answers with these headers instead of those that were stored with the object.
struct answer_headers {
  std::string content_type;
  std::string content_disposition;
};
request get_object_as(const bucket& in, std::string_view key, const answer_headers& shown);
// With a version, it asks for that version, even if a newer one hides it; that needs s3:GetObjectVersion.
request head_object(const bucket& in, std::string_view key, std::string_view version = {});
// Without a version, it adds a delete marker if the bucket is versioned.
request delete_object(const bucket& in, std::string_view key, std::string_view version = {});

struct uploaded_part {
  int number = 0;  // from 1
  std::string etag;
  std::optional<base::sha256_digest> digest = {};  // when checksums are sent
};
// `checksums`: whether the parts will be sent with their checksums.
request create_multipart_upload(const bucket& in, std::string_view key, const object_traits& traits,
                                bool checksums);
request upload_part(const bucket& in, std::string_view key, std::string_view upload_id, int number,
                    const payload& what);
// `parts` must be in the order of their numbers.
request complete_multipart_upload(const bucket& in, std::string_view key, std::string_view upload_id,
                                  const std::vector<uploaded_part>& parts);
request abort_multipart_upload(const bucket& in, std::string_view key, std::string_view upload_id);

// Where a list continues; empty: at the start.
struct list_marker {
  std::string key = {};
  std::string id = {};  // of a version or an upload
};
request list_multipart_uploads(const bucket& in, std::string_view prefix, const list_marker& after = {},
                               int limit = 1000);
// Lists the keys after `after`, in order.
request list_objects(const bucket& in, std::string_view prefix, std::string_view after = {},
                     int limit = 1000);
request list_object_versions(const bucket& in, std::string_view prefix, const list_marker& after = {},
                             int limit = 1000);

// For `dossier doctor`.
request head_bucket(const bucket& in);
request get_bucket_location(const bucket& in);
request get_bucket_versioning(const bucket& in);
request get_bucket_encryption(const bucket& in);
request get_public_access_block(const bucket& in);
request get_bucket_lifecycle(const bucket& in);
request get_object_lock(const bucket& in);

// --- answers ---

struct stored_object {
  std::string etag;
  std::string version = {};     // empty: not versioned
  std::string encryption = {};  // such as AES256 or aws:kms
};
outcome<stored_object> parse_stored(const response& answer);  // of put_object and upload_part

struct object_head {
  std::uint64_t size = 0;  // of the whole object
  stored_object stored;
  std::string content_type = {};
};
outcome<object_head> parse_head(const response& answer);
// The size of the whole object: from Content-Range if there is one, otherwise from Content-Length.
outcome<std::uint64_t> parse_object_size(const headers& answer);
// The part of the object that an answer with status 206 holds: "bytes 0-99/1234".
struct content_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // included
  std::uint64_t size = 0;  // of the whole object
};
outcome<content_range> parse_content_range(const headers& answer);

outcome<std::string> parse_upload_id(const response& answer);
outcome<stored_object> parse_completed(const response& answer);

struct listed_upload {
  std::string key;
  std::string id;
  base::time_point started = {};
};
struct upload_list {
  std::vector<listed_upload> uploads;
  std::optional<list_marker> next;
};
outcome<upload_list> parse_uploads(const response& answer);

struct listed_object {
  std::string key;
  std::uint64_t size = 0;
  base::time_point modified = {};
};
struct object_list {
  std::vector<listed_object> objects;
  bool more = false;  // ask again after the last key
};
outcome<object_list> parse_objects(const response& answer);

struct listed_version {
  std::string key;
  std::string id;
  bool latest = false;
  bool delete_marker = false;
  std::uint64_t size = 0;
  base::time_point modified = {};
};
struct version_list {
  std::vector<listed_version> versions;
  std::optional<list_marker> next;
};
outcome<version_list> parse_versions(const response& answer);

enum class versioning { never, enabled, suspended };
outcome<std::string> parse_location(const response& answer);  // a region, such as us-east-1
outcome<versioning> parse_versioning(const response& answer);
outcome<encryption> parse_encryption(const response& answer);

struct public_access_block {
  bool block_acls = false;
  bool ignore_acls = false;
  bool block_policy = false;
  bool restrict_buckets = false;
  bool all() const { return block_acls && ignore_acls && block_policy && restrict_buckets; }
};
outcome<public_access_block> parse_public_access_block(const response& answer);

struct lifecycle {
  std::optional<int> old_versions_expire_days;  // the shortest of all enabled rules
  std::optional<int> uploads_abort_days;
};
outcome<lifecycle> parse_lifecycle(const response& answer);

// What Object Lock does to each new object by default. For a bucket that never had it, the call fails with
// not_found.
struct object_lock {
  bool enabled = false;
  std::string mode = {};  // GOVERNANCE or COMPLIANCE; empty: nothing by default
  int days = 0;
};
outcome<object_lock> parse_object_lock(const response& answer);

// What prevents one version from being erased. S3 shows it only to callers with the permissions
// s3:GetObjectRetention and s3:GetObjectLegalHold.
struct version_lock {
  bool legal_hold = false;  // until somebody removes it
  std::optional<base::time_point> until = {};
};
version_lock parse_version_lock(const headers& answer);

}  // namespace dossier::aws::s3
