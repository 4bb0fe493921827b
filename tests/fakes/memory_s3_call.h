// One call to memory_s3, taken apart.
#pragma once

#include <algorithm>
#include <charconv>
#include <map>
#include <ranges>
#include <span>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "fakes/memory_s3.h"

namespace dossier::fakes {

inline std::string bytes_of(const aws::body_ptr& body) {
  if (!body) return {};
  std::string all(body->size(), '\0');
  const auto got = body->read(0, std::as_writable_bytes(std::span(all)));
  all.resize(got.value_or(0));
  return all;
}

inline std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::byte byte{};
    const bool escape = text[i] == '%' && base::hex_decode(text.substr(i + 1, 2), std::span(&byte, 1));
    plain += escape ? static_cast<char>(byte) : text[i];
    if (escape) i += 2;
  }
  return plain;
}

inline int number_in(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// http://host/bucket/key?query; nothing in the tests' keys needs decoding.
struct memory_s3::call {
  explicit call(const aws::http_request& request)
      : method(request.method), headers(request.headers), body(bytes_of(request.body)) {
    std::string_view url = request.url;
    url.remove_prefix(std::min(url.size(), url.find("://") + 3));
    const auto mark = url.find('?');
    const auto path = url.substr(0, mark);
    const auto bucket = path.find('/');
    const auto slash = bucket == path.npos ? path.npos : path.find('/', bucket + 1);
    if (slash != path.npos) key = path.substr(slash + 1);
    if (mark == url.npos) return;
    for (const auto item : std::views::split(url.substr(mark + 1), '&')) {
      const std::string_view text(item.begin(), item.end());
      const auto equals = std::min(text.find('='), text.size());
      query[std::string(text.substr(0, equals))] = decoded(text.substr(std::min(equals + 1, text.size())));
    }
  }
  bool asks(const char* name) const { return query.contains(name); }
  std::string value(const char* name) const { return asks(name) ? query.at(name) : ""; }
  std::string operation() const {
    if (method == "HEAD") return key.empty() ? "HeadBucket" : "HeadObject";
    if (method == "PUT") return asks("partNumber") ? "UploadPart" : "PutObject";
    if (method == "POST") return asks("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload";
    if (method == "DELETE") return asks("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
    if (asks("uploads")) return "ListMultipartUploads";
    if (asks("versions")) return "ListObjectVersions";
    if (asks("object-lock")) return "GetObjectLockConfiguration";
    return key.empty() ? "ListObjectsV2" : "GetObject";
  }

  std::string method;
  std::string key;
  std::map<std::string, std::string> query;
  aws::headers headers;
  std::string body;
};

}  // namespace dossier::fakes
