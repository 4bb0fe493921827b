#include <ranges>

#include <fmt/format.h>

#include "fakes/memory_s3.h"
#include "fakes/memory_s3_call.h"

namespace dossier::fakes {

// The real one takes a prefix; that others may come all the same is what the tests want to see.
std::string memory_s3::list_uploads() const {
  std::string all;
  for (const auto& [id, one] : uploads_) {
    all += fmt::format(
        "<Upload><Key>{}</Key><UploadId>{}</UploadId>"
        "<Initiated>2026-01-01T00:00:00.000Z</Initiated></Upload>",
        one.key, id);
  }
  return "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>" + all +
         "</ListMultipartUploadsResult>";
}

std::string memory_s3::list_versions(const call& what) const {
  std::string all;
  for (const auto& [key, versions] : objects_) {
    if (!key.starts_with(what.value("prefix"))) continue;
    for (const auto& one : std::views::reverse(versions)) {
      const auto* kind = one.marker ? "DeleteMarker" : "Version";
      all += fmt::format(
          "<{0}><Key>{1}</Key><VersionId>{2}</VersionId><IsLatest>{3}</IsLatest>"
          "<Size>{4}</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></{0}>",
          kind, key, one.id, &one == &versions.back(), one.bytes.size());
    }
  }
  return "<ListVersionsResult><IsTruncated>false</IsTruncated>" + all + "</ListVersionsResult>";
}

std::string memory_s3::list_objects(const call& what) const {
  std::string all;
  for (const auto& [key, versions] : objects_) {
    if (find(key) == nullptr || !key.starts_with(what.value("prefix"))) continue;
    all += fmt::format(
        "<Contents><Key>{}</Key><Size>{}</Size>"
        "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>",
        key, find(key)->bytes.size());
  }
  return "<ListBucketResult><IsTruncated>false</IsTruncated>" + all + "</ListBucketResult>";
}

}  // namespace dossier::fakes
