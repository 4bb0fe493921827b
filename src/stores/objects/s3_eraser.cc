#include "stores/objects/s3_eraser.h"

#include <optional>
#include <ranges>
#include <utility>

#include "aws/s3.h"
#include "base/log.h"
#include "stores/aws_failure.h"

namespace dossier::stores {
namespace {

using base::error_code;
using base::result;
namespace s3 = aws::s3;

// There is no such object, upload or version. A bucket that is not there is another matter: unavailable.
bool is_absent(const aws::error& failed) {
  return failed.kind == error_code::not_found;
}

// The role lacks the permission, which is how a bucket is kept by those who want its old versions. Any other
// refusal (credentials that cannot be had or have expired, a wrong clock) passes: then the versions must go.
bool is_forbidden(const aws::error& failed) {
  return failed.code == "AccessDenied";
}

}  // namespace

// Uploads first: one that is about to be completed must not come after the deletion.
awaitable<result<void>> s3_eraser::erase(std::string name) {
  if (auto aborted = co_await abort_uploads(name); !aborted) co_return aborted;
  const auto versioned = co_await erase_current(name);
  if (!versioned) co_return std::unexpected(versioned.error());
  if (*versioned) co_return co_await erase_versions(name);
  co_return result<void>();
}

awaitable<result<void>> s3_eraser::abort_uploads(const std::string& name) {
  for (std::optional<s3::list_marker> after = s3::list_marker(); after;) {
    const auto answer = co_await client_.call(s3::list_multipart_uploads(place_.bucket, name, *after));
    if (!answer) co_return store_failed(answer.error());
    auto listed = s3::parse_uploads(*answer);
    if (!listed) co_return store_failed(listed.error());
    for (const auto& upload : listed->uploads) {
      if (upload.key != name) continue;
      const auto aborted = co_await client_.call(s3::abort_multipart_upload(place_.bucket, name, upload.id));
      if (!aborted && !is_absent(aborted.error())) co_return store_failed(aborted.error());
    }
    after = std::move(listed->next);
  }
  co_return result<void>();
}

// Whether the bucket keeps versions, or once did: only then the answer names one.
awaitable<result<bool>> s3_eraser::erase_current(const std::string& name) {
  const auto answer = co_await client_.call(s3::delete_object(place_.bucket, name));
  if (!answer) {
    if (is_absent(answer.error())) co_return false;
    co_return store_failed(answer.error());
  }
  co_return answer->find("x-amz-delete-marker") != nullptr || answer->find("x-amz-version-id") != nullptr;
}

awaitable<result<void>> s3_eraser::erase_versions(const std::string& name) {
  s3::list_marker after;
  for (;;) {
    const auto more = co_await erase_some_versions(name, after);
    if (more && !*more) co_return result<void>();
    if (more) continue;
    if (!is_forbidden(more.error())) co_return store_failed(more.error());
    if (!told_.exchange(true)) {
      base::log_warning(
          "old versions of erased objects stay until the bucket's rules expire them",
          {{"bucket", place_.bucket.name}, {"missing", "s3:ListBucketVersions or s3:DeleteObjectVersion"}});
    }
    co_return result<void>();
  }
}

// One page of them. Whether there are more.
awaitable<aws::outcome<bool>> s3_eraser::erase_some_versions(const std::string& name,
                                                             s3::list_marker& after) {
  const auto answer = co_await client_.call(s3::list_object_versions(place_.bucket, name, after));
  if (!answer) co_return aws::pass_error(answer.error());
  auto listed = s3::parse_versions(*answer);
  if (!listed) co_return aws::pass_error(listed.error());
  // Newest first, as they come, would uncover the older ones in between.
  for (const auto& version : std::views::reverse(listed->versions)) {
    if (version.key != name) continue;
    const auto erased = co_await client_.call(s3::delete_object(place_.bucket, name, version.id));
    if (!erased && !is_absent(erased.error())) co_return aws::pass_error(erased.error());
  }
  if (!listed->next) co_return false;
  after = std::move(*listed->next);
  co_return true;
}

}  // namespace dossier::stores
