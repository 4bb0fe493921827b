// An origin, ready to be read. The composition root calls this.
#pragma once

#include <memory>

#include "aws/access.h"
#include "base/result.h"
#include "domain/origin.h"
#include "stores/locations.h"
#include "stores/sql/mysql_settings.h"

namespace dossier::stores {

struct origin_location {
  mysql_location people;
  s3_location files;
  dynamodb_location catalog;
};

// Nothing is asked yet. `access` outlives it. invalid: AWS's configuration is wrong; the message says what.
base::result<std::unique_ptr<domain::origin>> make_origin(aws::access& access, origin_location where,
                                                          sql::mysql_settings options);

}  // namespace dossier::stores
