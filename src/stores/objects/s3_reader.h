// A range of an object in S3 as a byte_source. Its bytes are passed on as they come and are not gathered in
// memory. A download that breaks off is resumed where it stopped, from the same version of the object.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "aws/client.h"
#include "aws/services/s3.h"
#include "base/byte_source.h"

namespace dossier::stores {

struct s3_stretch {
  aws::s3::bucket bucket;
  std::string name;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // at least 1
};

class s3_reader final : public base::byte_source {
 public:
  // Asks for the whole stretch. not_found: there is no such object. internal: the object is too short.
  static awaitable<base::result<std::unique_ptr<s3_reader>>> open(aws::client& via, s3_stretch what);

  s3_reader(aws::client& via, s3_stretch what);
  awaitable<base::result<base::byte_view>> next() override;

 private:
  awaitable<base::result<void>> ask();
  base::result<void> check_head(const aws::streamed_response& head) const;

  aws::client& client_;
  s3_stretch left_;
  std::string etag_;  // once known, only this version is read
  std::unique_ptr<base::byte_source> body_;
  int tries_ = 0;              // since it last made good progress
  std::uint64_t went_on_ = 0;  // bytes since the last try
};

}  // namespace dossier::stores
