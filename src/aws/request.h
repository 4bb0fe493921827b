// A call to AWS before it is signed. The functions of services/ (s3.h, dynamodb.h, …) make it, without any
// I/O; the client signs and sends it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/transport/transport.h"

namespace dossier::aws {

// The operation that is called: {"s3", "PutObject", "s3:PutObject"}. When the permission is missing, the log
// names it.
struct operation {
  std::string_view service;  // as in the signature: s3, dynamodb, ssm, secretsmanager, sts
  std::string_view name = {};
  std::string_view permission = {};
};

// Where the bucket's name is in a URL. automatic: in front of the host for AWS's own hosts, otherwise in the
// path.
enum class addressing { automatic, path, virtual_host };

struct endpoint {
  std::string scheme = "https";
  std::string host = {};   // as in a URL: an IPv6 address in brackets
  std::uint16_t port = 0;  // 0: the usual one of the scheme
  std::string path = {};   // what every path starts with, encoded, without a slash at its end; usually empty
  std::string region = {};
  bool custom = false;                         // not AWS's own
  addressing buckets = addressing::automatic;  // for S3
};

// "localhost:5000" as in a Host header: without the port when it is the scheme's own.
std::string authority(const endpoint& where);
// https://… or http://…, without query; empty when it is not such a URL.
std::optional<endpoint> parse_endpoint(std::string_view url, std::string region);

struct query_item {
  std::string name;  // not encoded
  std::string value;
};

// As payload_sha256: the body is not signed (S3, over TLS).
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

struct request {
  operation what = {};
  endpoint where = {};
  std::string method = "GET";
  std::string path = "/";  // encoded, as it goes out: encode_path() makes one
  std::vector<query_item> query = {};
  aws::headers headers = {};  // without Host and those of the signature
  body_ptr body = nullptr;
  std::string payload_sha256 = {};  // hexadecimal, or unsigned_payload; empty: computed from the body
  time_limits limits = {};
  std::size_t max_response = std::size_t{4} << 20;
};

// Percent-encodes everything except A-Z a-z 0-9 - _ . ~ (AWS's rule), and "/" if `keep_slashes`.
std::string uri_encode(std::string_view text, bool keep_slashes = false);
// "a b/c" → "a%20b/c"
std::string encode_path(std::string_view path);
// The encoded query, sorted by encoded name, then value, as the signature needs it; without "?".
std::string encode_query(const std::vector<query_item>& query);

}  // namespace dossier::aws
