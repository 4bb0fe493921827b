// Erases an object in S3 so that nothing of it is left: no unfinished upload, no version, no delete marker.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "aws/client.h"
#include "aws/services/s3.h"
#include "base/clock.h"
#include "base/result.h"
#include "stores/objects/s3_place.h"

namespace dossier::stores {

class s3_eraser {
 public:
  // Both must outlive this object.
  s3_eraser(aws::client& via, const s3_place& place) : client_(via), place_(place) {}

  // Succeeds when a last look finds no version of the object, also when the object never existed. If the
  // store does not list versions, or the role may not list or erase them, it is enough that the object is
  // hidden; the log says so once. unavailable: a lock still holds a version, for example.
  awaitable<base::result<void>> erase(std::string name);

 private:
  struct found_versions {
    int seen = 0;
    bool held = false;  // a version is left and must be erased later
    bool kept = false;  // a version is left and may stay
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
