// Opens the three stores of a process at their locations, in any mix. The composition root calls this.
#pragma once

#include <functional>

#include "stores/aws_stores.h"
#include "stores/embedded.h"
#include "stores/locations.h"
#include "stores/sql/mysql/mysql_settings.h"

namespace dossier::stores {

struct store_options {
  embedded_options embedded = {};
  sql::mysql_settings mysql = {};  // host, port, database and user come from the location instead
  s3_objects_options s3 = {};
  // Limits of searches and other reads that may be long. places = 0: as many places as there are processors,
  // but two to four; on MySQL a quarter of the connections.
  base::lane_limits reads{.places = 0};
};

// What the stores need from the process. The clock and the AWS session must outlive the stores.
struct surroundings {
  const base::clock& clock;
  base::call_observer observer = {};
  // Called only when a store is in AWS.
  std::function<base::result<aws::session*>()> aws = {};
};

// Creates what is missing on this machine and migrates the databases, but creates nothing in AWS. The error's
// message says what to do.
base::result<opened_stores> open_stores(const locations& where, const store_options& options,
                                        const surroundings& around);

// Every migration of the databases, and whether it has been run. Changes nothing.
base::result<schema_status> migration_status(const locations& where, const store_options& options);

}  // namespace dossier::stores
