// Leaves nothing of an object in S3: no unfinished upload, no version, no delete marker.
#pragma once

#include <atomic>
#include <string>

#include "aws/client.h"
#include "base/result.h"
#include "stores/objects/s3_place.h"

namespace dossier::stores {

class s3_eraser {
 public:
  // Both outlive it.
  s3_eraser(aws::client& via, const s3_place& place) : client_(via), place_(place) {}

  // Absent already: success. Where old versions may not be listed or deleted they stay, to expire by the
  // bucket's rules, and the log says so once.
  awaitable<base::result<void>> erase(std::string name);

 private:
  awaitable<base::result<void>> abort_uploads(const std::string& name);
  awaitable<base::result<bool>> erase_current(const std::string& name);
  awaitable<base::result<void>> erase_versions(const std::string& name);
  awaitable<aws::outcome<bool>> erase_some_versions(const std::string& name, aws::s3::list_marker& after);

  aws::client& client_;
  const s3_place& place_;
  std::atomic<bool> told_ = false;
};

}  // namespace dossier::stores
