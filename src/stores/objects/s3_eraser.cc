#include "stores/objects/s3_eraser.h"

#include <optional>
#include <ranges>
#include <utility>

#include "aws/services/s3.h"
#include "base/ascii.h"
#include "base/expects.h"
#include "base/log.h"
#include "stores/aws_failure.h"

namespace dossier::stores {
namespace {

using base::error_code;
using base::result;
namespace s3 = aws::s3;

constexpr std::chrono::seconds when_held{3600};  // locks last for days
constexpr int most_rounds = 5;

// There is no such object, upload or version. A missing bucket is another error: unavailable.
bool is_absent(const aws::error& failed) {
  return failed.kind == error_code::not_found;
}

// False when credentials are missing or expired or the clock is wrong, because those problems are temporary.
bool is_forbidden(const aws::error& failed) {
  return failed.code == "AccessDenied";
}

bool tells_of_a_lock(const aws::error& failed) {
  const auto words = base::ascii_lower(failed.message);
  return words.contains("object lock") || words.contains("worm") || failed.code.contains("Locked");
}

// The words that AWS uses when the role lacks a permission.
bool tells_of_a_permission(const aws::error& failed) {
  return failed.message.contains("not authorized to perform");
}

std::unexpected<base::error> still_there() {
  return std::unexpected(base::error{
      error_code::unavailable, "Some of the file's bytes are still in the store.", {}, when_held});
}

}  // namespace

// Aborts unfinished uploads first: otherwise one of them could be completed after the deletion.
awaitable<result<void>> s3_eraser::erase(std::string name) {
  base::expects(!name.empty(), "an object has a name");
  if (auto aborted = co_await abort_uploads(name); !aborted) co_return aborted;
  if (auto hidden = co_await hide(name); !hidden) co_return hidden;
  co_return co_await erase_versions(name);
}

awaitable<result<void>> s3_eraser::abort_uploads(const std::string& name) {
  for (std::optional<s3::list_marker> after = s3::list_marker(); after;) {
    const auto answer = co_await client_.call(s3::list_multipart_uploads(place_.bucket, name, *after));
    if (!answer && aws::is_not_implemented(answer.error())) {
      tell_once(told_uploads_, "this store does not list unfinished uploads, so what they left stays");
      co_return result<void>();
    }
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

// From now on nobody sees the object, whether or not the bucket keeps versions.
awaitable<result<void>> s3_eraser::hide(const std::string& name) {
  const auto answer = co_await client_.call(s3::delete_object(place_.bucket, name));
  if (!answer && !is_absent(answer.error())) co_return store_failed(answer.error());
  co_return result<void>();
}

// Repeats until a look finds no version. The answer to the deletion says nothing about older versions: if
// versioning is suspended, it may name none although the bucket has many.
awaitable<result<void>> s3_eraser::erase_versions(const std::string& name) {
  for (int round = 0; round < most_rounds; ++round) {
    const auto found = co_await erase_listed(name);
    if (!found && is_forbidden(found.error())) {
      tell_once(told_versions_,
                "old versions of erased objects, if the bucket keeps any, stay until its rules expire them: "
                "s3:ListBucketVersions is missing");
      co_return co_await see_it_hidden(name);
    }
    if (!found && aws::is_not_implemented(found.error())) {
      tell_once(told_versions_, "this store does not list versions; it is taken to keep none");
      co_return co_await see_it_hidden(name);
    }
    if (!found) co_return store_failed(found.error());
    if (found->held) co_return still_there();
    if (found->kept) {
      tell_once(told_versions_,
                "old versions of erased objects stay until the bucket's rules expire them: "
                "s3:DeleteObjectVersion is missing");
      co_return co_await see_it_hidden(name);
    }
    if (found->seen == 0) co_return result<void>();
  }
  co_return still_there();
}

// Lists all versions once and erases them. The newest is the marker that hides the others: it is erased last,
// and only when the others are gone.
awaitable<aws::outcome<s3_eraser::found_versions>> s3_eraser::erase_listed(const std::string& name) {
  found_versions all;
  std::optional<s3::listed_version> cover;
  for (std::optional<s3::list_marker> after = s3::list_marker(); after;) {
    const auto answer = co_await client_.call(s3::list_object_versions(place_.bucket, name, *after));
    if (!answer) co_return aws::pass_error(answer.error());
    auto listed = s3::parse_versions(*answer);
    if (!listed) co_return aws::pass_error(listed.error());
    // S3 lists the newest version first.
    for (const auto& version : std::views::reverse(listed->versions)) {
      if (version.key != name) continue;
      ++all.seen;
      if (version.latest && version.delete_marker) {
        cover = version;
      } else if (auto erased = co_await erase_version(version, all); !erased) {
        co_return aws::pass_error(erased.error());
      }
    }
    after = std::move(listed->next);
  }
  if (!cover || all.held || all.kept) co_return all;
  if (auto erased = co_await erase_version(*cover, all); !erased) co_return aws::pass_error(erased.error());
  co_return all;
}

awaitable<aws::outcome<void>> s3_eraser::erase_version(const s3::listed_version& which, found_versions& all) {
  const auto erased = co_await client_.call(s3::delete_object(place_.bucket, which.key, which.id));
  if (erased || is_absent(erased.error())) co_return aws::outcome<void>();
  const auto& refusal = erased.error();
  if (!is_forbidden(refusal) && !tells_of_a_lock(refusal)) co_return aws::pass_error(refusal);
  if (co_await is_withheld(which, refusal)) {
    all.kept = true;
  } else {
    all.held = true;
  }
  co_return aws::outcome<void>();
}

// Whether the role lacks the permission to erase old versions, which an operator may want in order to restore
// them. The refusal because of a lock looks the same, but a lock ends some day, and then the version is
// erased. If the reason is not known, the version counts as locked.
awaitable<bool> s3_eraser::is_withheld(const s3::listed_version& which, const aws::error& refusal) {
  const auto look = which.delete_marker
                        ? aws::outcome<aws::response>()
                        : co_await client_.call(s3::head_object(place_.bucket, which.key, which.id));
  const auto lock = look ? s3::parse_version_lock(look->headers) : s3::version_lock();
  if (lock.legal_hold || lock.until || tells_of_a_lock(refusal)) {
    tell_held(which, lock.legal_hold ? "legal hold" : "Object Lock", lock.until);
    co_return false;
  }
  if (tells_of_a_permission(refusal)) co_return true;
  const auto bucket = co_await client_.call(s3::get_object_lock(place_.bucket));
  const bool has_no_locks = !bucket && (is_absent(bucket.error()) || aws::is_not_implemented(bucket.error()));
  if (has_no_locks) co_return true;
  tell_held(which,
            bucket ? "Object Lock, or s3:DeleteObjectVersion is missing"
                   : "it cannot be known: s3:GetBucketObjectLockConfiguration is missing",
            {});
  co_return false;
}

// When versions cannot be listed or may stay, the object itself must at least be hidden.
awaitable<result<void>> s3_eraser::see_it_hidden(const std::string& name) {
  const auto answer = co_await client_.call(s3::list_objects(place_.bucket, name, {}, 1));
  if (!answer) co_return store_failed(answer.error());
  const auto listed = s3::parse_objects(*answer);
  if (!listed) co_return store_failed(listed.error());
  if (!listed->objects.empty() && listed->objects.front().key == name) co_return still_there();
  co_return result<void>();
}

void s3_eraser::tell_once(std::atomic<bool>& told, std::string_view what) const {
  if (!told.exchange(true)) base::log_warning(what, {{"bucket", place_.bucket.name}});
}

void s3_eraser::tell_held(const s3::listed_version& which, std::string_view by,
                          std::optional<base::time_point> until) const {
  base::log_warning("the bytes of an erased file are still in the bucket; erasing them is tried again later",
                    {{"bucket", place_.bucket.name},
                     {"object", which.key},
                     {"held_by", by},
                     {"until", until ? base::to_rfc3339(*until) : "unknown"}});
}

}  // namespace dossier::stores
