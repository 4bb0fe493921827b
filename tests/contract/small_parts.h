// The world of the AWS back-ends, in which moto takes parts of any size; S3 takes none below 5 MiB.
#pragma once

#include <cstdlib>

#include "contract/aws_world.h"

namespace dossier::contract {

inline aws_world& world_with_small_parts() {
  ::setenv("S3_UPLOAD_PART_MIN_SIZE", "1", 0);  // moto reads both when it starts, at the first test
  ::setenv("MOTO_S3_DEFAULT_KEY_BUFFER_SIZE", "16777216", 0);
  return world();
}

inline void keep_versions(const aws::s3::bucket& in) {
  auto request = aws::s3::get_bucket_versioning(in);
  request.what = {"s3", "PutBucketVersioning", "s3:PutBucketVersioning"};
  request.method = "PUT";
  request.body =
      aws::text_body("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
  world().call(std::move(request));
}

}  // namespace dossier::contract
