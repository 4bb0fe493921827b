// Leaves nothing of an object in S3: no unfinished upload, no version, no delete marker.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "aws/client.h"
#include "aws/s3.h"
#include "base/clock.h"
#include "base/result.h"
#include "stores/objects/s3_place.h"

namespace dossier::stores {

class s3_eraser {
 public:
  // Both outlive it.
  s3_eraser(aws::client& via, const s3_place& place) : client_(via), place_(place) {}

  // Absent already: success. Success is that a last look found no version of it. Two things count as well:
  // where the store lists no versions, or the role may not list or erase them, the object is only seen to be
  // hidden, and the log says so once. A version that a lock holds is `unavailable` until the lock ends.
  awaitable<base::result<void>> erase(std::string name);

 private:
  struct found_versions {
    int seen = 0;
    bool held = false;  // one is there and is to be tried again
    bool kept = false;  // one is there and may stay
  };
  awaitable<base::result<void>> abort_uploads(const std::string& name);
  awaitable<base::result<void>> hide(const std::string& name);
  awaitable<base::result<void>> erase_versions(const std::string& name);
  awaitable<aws::outcome<found_versions>> erase_listed(const std::string& name);
  awaitable<aws::outcome<void>> erase_version(const aws::s3::listed_version& which, found_versions& all);
  awaitable<bool> is_withheld(const aws::s3::listed_version& which, const aws::error& refusal);
  awaitable<base::result<void>> see_it_hidden(const std::string& name);
  void tell_once(std::atomic<bool>& told, std::string_view what) const;
  void tell_held(const aws::s3::listed_version& which, std::string_view by,
                 std::optional<base::time_point> until) const;

  aws::client& client_;
  const s3_place& place_;
  std::atomic<bool> told_versions_ = false;
  std::atomic<bool> told_uploads_ = false;
};

}  // namespace dossier::stores
