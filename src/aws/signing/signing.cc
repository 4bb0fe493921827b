#include "aws/signing/signing.h"

#include <algorithm>
#include <array>
#include <map>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/ascii.h"
#include "base/encoding.h"
#include "base/expects.h"
#include "base/sha256.h"

namespace dossier::aws {
namespace {

// Removes "." and "..", and leaves one slash where there are several, as AWS's own tools do. Unlike in RFC
// 3986, 5.2.4, "/a/." becomes "/a".
std::string normalized(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::size_t at = 0; at < path.size();) {
    const auto slash = std::min(path.find('/', at), path.size());
    const auto segment = path.substr(at, slash - at);
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
    at = slash + 1;
  }
  std::string text;
  for (const auto segment : segments) text.append("/").append(segment);
  if (text.empty() || path.ends_with('/')) text += '/';
  return text;
}

// S3's keys may be any text, so their path is signed as it is sent. The paths of other services are
// normalized and encoded again.
std::string canonical_path(const request& of) {
  const std::string path = of.where.path + of.path;
  return of.what.service == "s3" ? path : uri_encode(normalized(path), true);
}

// Removes white space at the ends, and leaves one space where there is more white space.
std::string collapsed(std::string_view value) {
  std::string text;
  for (const char letter : base::ascii_trim(value)) {
    const bool space = base::ascii_space(letter);
    if (!space) text += letter;
    if (space && text.back() != ' ') text += ' ';
  }
  return text;
}

}  // namespace

canonical_form canonical(const request& complete, std::string_view payload_sha256) {
  std::map<std::string, std::string> by_name;
  for (const auto& each : complete.headers) {
    const auto [place, fresh] = by_name.try_emplace(base::ascii_lower(each.name));
    if (!fresh) place->second += ',';
    place->second += collapsed(each.value);
  }
  base::expects(by_name.contains("host"), "the Host header is signed");
  canonical_form form;
  std::string lines;
  for (const auto& [name, value] : by_name) {
    lines.append(name).append(":").append(value).append("\n");
    if (!form.signed_headers.empty()) form.signed_headers += ';';
    form.signed_headers += name;
  }
  form.text = complete.method + '\n' + canonical_path(complete) + '\n' + encode_query(complete.query) + '\n' +
              lines + '\n' + form.signed_headers + '\n';
  form.text += payload_sha256;
  return form;
}

std::string payload_hash(const request& of) {
  if (!of.payload_sha256.empty()) return of.payload_sha256;
  base::sha256 hash;
  if (of.body) {
    std::array<std::byte, 16 << 10> buffer;
    for (std::uint64_t offset = 0; offset < of.body->size();) {
      const auto count = of.body->read(offset, buffer);
      // Then the body cannot be sent either, and the transport reports it.
      if (!count || *count == 0) break;
      hash.update(std::span(buffer).first(*count));
      offset += *count;
    }
  }
  return base::to_hex(hash.finish());
}

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string hmac(std::string_view key, std::string_view text) {
  std::array<unsigned char, 32> digest;
  unsigned length = 0;
  const auto* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  if (made == nullptr) throw std::bad_alloc();
  return {reinterpret_cast<const char*>(digest.data()), length};
}

// 20150830T123600Z
std::string basic_time(base::time_point when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(when - day)};
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string scope_of(const request& of, std::string_view time) {
  return fmt::format("{}/{}/{}/aws4_request", time.substr(0, 8), of.where.region, of.what.service);
}

struct signature {
  std::string string_to_sign;
  std::string hex;
};

signature signature_of(const request& of, std::string_view canonical_text, std::string_view secret_key,
                       std::string_view time) {
  signature made;
  made.string_to_sign = fmt::format("{}\n{}\n{}\n{}", algorithm, time, scope_of(of, time),
                                    base::to_hex(base::sha256_of(canonical_text)));
  const auto day_key = hmac(fmt::format("AWS4{}", secret_key), time.substr(0, 8));
  const auto key = hmac(hmac(hmac(day_key, of.where.region), of.what.service), "aws4_request");
  const auto bytes = hmac(key, made.string_to_sign);
  made.hex = base::hex_encode(std::as_bytes(std::span(bytes)));
  return made;
}

std::string url_of(const request& of) {
  const auto query = encode_query(of.query);
  return fmt::format("{}://{}{}{}{}{}", of.where.scheme, authority(of.where), of.where.path, of.path,
                     query.empty() ? "" : "?", query);
}

}  // namespace

signing_steps sign_exactly(const request& complete, const credentials& who, base::time_point when) {
  const auto time = basic_time(when);
  const auto form = canonical(complete, payload_hash(complete));
  auto made = signature_of(complete, form.text, who.secret_key, time);
  auto authorization = fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm,
                                   who.access_key, scope_of(complete, time), form.signed_headers, made.hex);
  return {form.text, std::move(made.string_to_sign), std::move(authorization)};
}

http_request without_signature(const request& unsigned_request) {
  return {.method = unsigned_request.method,
          .url = url_of(unsigned_request),
          .headers = unsigned_request.headers,
          .body = unsigned_request.body,
          .limits = unsigned_request.limits,
          .max_response = unsigned_request.max_response};
}

http_request sign(const request& unsigned_request, const credentials& who, base::time_point now) {
  request complete = unsigned_request;
  complete.payload_sha256 = payload_hash(unsigned_request);
  auto& all = complete.headers;
  all.push_back({"Host", authority(complete.where)});
  all.push_back({"X-Amz-Date", basic_time(now)});
  if (!who.session_token.empty()) all.push_back({"X-Amz-Security-Token", who.session_token});
  if (complete.what.service == "s3") all.push_back({"X-Amz-Content-Sha256", complete.payload_sha256});
  auto authorization = sign_exactly(complete, who, now).authorization;
  all.push_back({"Authorization", std::move(authorization)});
  return without_signature(complete);
}

std::string presign(const request& unsigned_request, const credentials& who, base::time_point now,
                    std::chrono::seconds valid) {
  base::expects(valid > std::chrono::seconds(0) && valid <= std::chrono::days(7),
                "a signed URL is valid for 7 days at most");
  request complete = unsigned_request;
  const auto time = basic_time(now);
  complete.headers.push_back({"Host", authority(complete.where)});
  // The names of the signed headers are part of what is signed, so find them first.
  const auto names = canonical(complete, "").signed_headers;
  auto& query = complete.query;
  query.push_back({"X-Amz-Algorithm", std::string(algorithm)});
  query.push_back({"X-Amz-Credential", who.access_key + '/' + scope_of(complete, time)});
  query.push_back({"X-Amz-Date", time});
  query.push_back({"X-Amz-Expires", std::to_string(valid.count())});
  query.push_back({"X-Amz-SignedHeaders", names});
  if (!who.session_token.empty()) query.push_back({"X-Amz-Security-Token", who.session_token});
  const bool s3 = complete.what.service == "s3";
  const auto form = canonical(complete, s3 ? std::string(unsigned_payload) : payload_hash(complete));
  const auto made = signature_of(complete, form.text, who.secret_key, time);
  return url_of(complete) + "&X-Amz-Signature=" + made.hex;
}

}  // namespace dossier::aws
