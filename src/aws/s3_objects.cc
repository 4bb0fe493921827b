// Answers about objects, and lists of them.
#include <utility>

#include "aws/dates.h"
#include "aws/s3.h"
#include "aws/s3_request.h"
#include "aws/xml.h"

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
  if (!holds) return pass_error(invalid_answer("a range that is none"));
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
  // A list that goes on but moves nowhere would be asked for without end.
  if (found.more && found.objects.empty()) return pass_error(invalid_answer("an empty list that goes on"));
  return found;
}

request list_object_versions(const bucket& in, std::string_view prefix, const list_marker& after, int limit) {
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
  // A clone that has no versions may overlook what was asked and list the objects.
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
    if (found.next->key.empty()) return pass_error(invalid_answer("a list that goes on nowhere"));
  }
  return found;
}

}  // namespace dossier::aws::s3
