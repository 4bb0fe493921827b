// Where the objects are in S3 and how they are kept.
#pragma once

#include <string>

#include "aws/services/s3.h"
#include "domain/values.h"

namespace dossier::stores {

struct s3_place {
  aws::s3::bucket bucket;
  std::string prefix;  // of every key: empty, or with a slash at its end
  aws::s3::object_traits traits = {};
  bool checksums = true;  // SHA-256, which S3 verifies and keeps

  std::string name_of(const domain::object_key& key) const { return prefix + key.value; }
};

}  // namespace dossier::stores
