#include "aws/canonical.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <vector>

#include "aws/ascii.h"
#include "base/sha256.h"

namespace dossier::aws {
namespace {

// Without "." and "..", and with one slash where there are several: as AWS's own tools do it, which differs
// from RFC 3986, 5.2.4 in that "/a/." becomes "/a".
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

// S3's keys are any text: their path is signed as it goes out. All others normalize and encode again.
std::string canonical_path(const request& of) {
  const std::string path = of.where.path + of.path;
  return of.what.service == "s3" ? path : uri_encode(normalized(path), true);
}

// Without white space at the ends, one space for several.
std::string collapsed(std::string_view value) {
  std::string text;
  for (const char letter : ascii_trim(value)) {
    const bool space = ascii_space(letter);
    if (!space) text += letter;
    if (space && text.back() != ' ') text += ' ';
  }
  return text;
}

}  // namespace

canonical_form canonical(const request& complete, std::string_view payload_sha256) {
  std::map<std::string, std::string> by_name;
  for (const auto& each : complete.headers) {
    const auto [place, fresh] = by_name.try_emplace(ascii_lower(each.name));
    if (!fresh) place->second += ',';
    place->second += collapsed(each.value);
  }
  canonical_form form;
  std::string lines;
  for (const auto& [name, value] : by_name) {
    lines += name + ':' + value + '\n';
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
      // Then the body cannot be sent either: the transport says so.
      if (!count || *count == 0) break;
      hash.update(std::span(buffer).first(*count));
      offset += *count;
    }
  }
  return base::to_hex(hash.finish());
}

}  // namespace dossier::aws
