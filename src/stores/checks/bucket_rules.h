// What is to be said about a bucket, from what it answered. Pure.
#pragma once

#include <string>
#include <vector>

#include "aws/s3.h"
#include "domain/store_check.h"
#include "stores/checks/aws_probe.h"

namespace dossier::stores {

struct bucket_facts {
  std::string region;                  // that requests are signed for
  bool clone = false;                  // not AWS's own: less is told, and less is needed
  bool plain = false;                  // over HTTP, to another machine
  bool written = false;                // an object was written and erased
  std::string checksums_refused = {};  // the code; an upload without one went on
  std::vector<aws_probe> probes = {};

  aws::outcome<std::string> location = "";
  aws::outcome<aws::s3::versioning> versioning = aws::s3::versioning::never;
  aws::outcome<aws::s3::object_lock> lock = aws::s3::object_lock{};
  aws::outcome<aws::s3::encryption> encryption = aws::s3::encryption{};
  aws::outcome<aws::s3::public_access_block> access_block = aws::s3::public_access_block{};
  aws::outcome<aws::s3::lifecycle> lifecycle = aws::s3::lifecycle{};
};

std::vector<domain::store_finding> judge(const bucket_facts& bucket);

}  // namespace dossier::stores
