// The mark of files in S3: the object PREFIX + dossier-records holds the identity of the records that they
// belong to. Its name is no file's, so that no list of files has it.
#pragma once

#include <optional>

#include "aws/client.h"
#include "domain/belonging.h"
#include "stores/objects/s3_place.h"

namespace dossier::stores {

class s3_mark {
 public:
  // Both outlive this.
  s3_mark(aws::client& via, const s3_place& place) : client_(via), place_(place) {}

  awaitable<base::result<std::optional<domain::records_identity>>> read();
  // Without `replace` one that is there stays, also one that comes at the same time.
  awaitable<base::result<void>> write(domain::records_identity who, bool replace);

 private:
  aws::client& client_;
  const s3_place& place_;
};

}  // namespace dossier::stores
