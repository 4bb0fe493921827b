// The three stores of a process, opened from where they are, in any mix. The composition root calls this.
#pragma once

#include <functional>

#include "stores/aws_stores.h"
#include "stores/embedded.h"
#include "stores/locations.h"
#include "stores/sql/mysql_settings.h"

namespace dossier::stores {

struct store_options {
  embedded_options embedded = {};
  sql::mysql_settings mysql = {};  // all but where it is and who asks: that is the location's
  s3_objects_options s3 = {};
  // Of searches and other reads that may be long. No places: as many as processors, two to four; on a MySQL a
  // quarter of its connections.
  base::lane_limits reads{.places = 0};
};

// What the stores need of the process. Clock and AWS outlive them.
struct surroundings {
  const base::clock& clock;
  base::call_observer observer = {};
  // Asked only when a store is in AWS.
  std::function<base::result<aws::access*>()> aws = {};
};

// Makes what is missing on this machine and migrates the databases; nothing in AWS is made. The error says
// what to do.
base::result<opened_stores> open_stores(const locations& where, const store_options& options,
                                        const surroundings& around);

// What open_stores() would run, without changing anything.
base::result<schema_status> migration_status(const locations& where, const store_options& options);

}  // namespace dossier::stores
