#include <algorithm>
#include <ranges>
#include <tuple>

#include <fmt/format.h>

#include "fakes/memory_s3.h"
#include "fakes/memory_s3_call.h"

namespace dossier::fakes {
namespace {

constexpr const char* some_day = "2026-01-01T00:00:00.000Z";

// An entry of a list, which is in order of key and then of `rank`.
struct entry {
  std::string key;
  std::string id;  // of a version or an upload
  int rank = 0;
  std::string text;
};

int number_of(std::string_view id) {
  return number_in(id.substr(std::min(id.size(), id.find('-') + 1)));
}

struct list_request {
  std::string root;
  std::string key_marker;
  int rank_after = 0;  // entries with the marker's key come too when their rank is higher
  bool within_key = false;
  std::size_t most = 0;
  const char* id_marker = nullptr;  // its name in the answer
};

std::string page_of(std::vector<entry> all, const list_request& asked) {
  const auto before = [&](const entry& one) {
    if (one.key == asked.key_marker && asked.within_key) return one.rank <= asked.rank_after;
    return one.key <= asked.key_marker;
  };
  if (!asked.key_marker.empty()) std::erase_if(all, before);
  std::ranges::sort(all, {}, [](const entry& one) { return std::tie(one.key, one.rank); });
  const bool more = all.size() > asked.most;
  if (more) all.resize(asked.most);
  std::string text = fmt::format("<{}><IsTruncated>{}</IsTruncated>", asked.root, more);
  if (more && asked.id_marker != nullptr) {
    text += fmt::format("<NextKeyMarker>{0}</NextKeyMarker><{1}>{2}</{1}>", all.back().key, asked.id_marker,
                        all.back().id);
  }
  for (const auto& one : all) text += one.text;
  return text + fmt::format("</{}>", asked.root);
}

}  // namespace

// The real S3 heeds the prefix. This one does not, to show the tests what a store does with other uploads.
std::string memory_s3::list_uploads(const call& what) const {
  std::vector<entry> all;
  for (const auto& [id, one] : uploads_) {
    all.push_back(
        {one.key, id, number_of(id),
         fmt::format("<Upload><Key>{}</Key><UploadId>{}</UploadId><Initiated>{}</Initiated></Upload>",
                     one.key, id, some_day)});
  }
  return page_of(std::move(all), {.root = "ListMultipartUploadsResult",
                                  .key_marker = what.value("key-marker"),
                                  .rank_after = number_of(what.value("upload-id-marker")),
                                  .within_key = what.asks("upload-id-marker"),
                                  .most = page_length(what, "max-uploads"),
                                  .id_marker = "NextUploadIdMarker"});
}

// Newest first.
std::string memory_s3::list_versions(const call& what) const {
  std::vector<entry> all;
  for (const auto& [key, versions] : objects_) {
    if (!key.starts_with(what.value("prefix"))) continue;
    for (const auto& one : versions) {
      const auto* kind = one.marker ? "DeleteMarker" : "Version";
      all.push_back({key, one.id, -one.number,
                     fmt::format("<{0}><Key>{1}</Key><VersionId>{2}</VersionId><IsLatest>{3}</IsLatest>"
                                 "<Size>{4}</Size><LastModified>{5}</LastModified></{0}>",
                                 kind, key, one.id, &one == &versions.back(), one.bytes.size(), some_day)});
    }
  }
  return page_of(std::move(all),
                 {.root = "ListVersionsResult",
                  .key_marker = what.value("key-marker"),
                  .rank_after = -number_of_version(what.value("key-marker"), what.value("version-id-marker")),
                  .within_key = what.asks("version-id-marker"),
                  .most = page_length(what, "max-keys"),
                  .id_marker = "NextVersionIdMarker"});
}

std::string memory_s3::list_objects(const call& what) const {
  std::vector<entry> all;
  for (const auto& [key, versions] : objects_) {
    const auto* found = find(key);
    if (found == nullptr || !key.starts_with(what.value("prefix"))) continue;
    all.push_back(
        {key, "", 0,
         fmt::format("<Contents><Key>{}</Key><Size>{}</Size><LastModified>{}</LastModified></Contents>", key,
                     found->bytes.size(), some_day)});
  }
  return page_of(std::move(all), {.root = "ListBucketResult",
                                  .key_marker = what.value("start-after"),
                                  .most = page_length(what, "max-keys")});
}

std::size_t memory_s3::page_length(const call& what, const char* asked) const {
  return what.asks(asked) ? std::min(longest_page, static_cast<std::size_t>(number_in(what.value(asked))))
                          : longest_page;
}

}  // namespace dossier::fakes
