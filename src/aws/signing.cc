#include "aws/signing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "aws/canonical.h"
#include "base/encoding.h"
#include "base/sha256.h"

namespace dossier::aws {
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
  request complete = unsigned_request;
  const auto time = basic_time(now);
  complete.headers.push_back({"Host", authority(complete.where)});
  // Which headers are signed is part of what is signed: the names first.
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
