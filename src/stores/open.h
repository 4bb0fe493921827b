// The three stores of a process, opened from where they are, in any mix. The composition root calls this.
#pragma once

#include <functional>

#include "stores/aws_stores.h"
#include "stores/embedded.h"
#include "stores/locations.h"
#include "stores/sql/mysql/mysql_settings.h"

namespace dossier::stores {

struct store_options {
  embedded_options embedded = {};
  sql::mysql_settings mysql = {};  // but for host, port, database and user: those are the location's
  s3_objects_options s3 = {};
  // Limits of searches and other reads that may be long. places = 0: as many as processors, two to four; on
  // MySQL a quarter of the connections.
  base::lane_limits reads{.places = 0};
};

// What the stores need of the process. The clock and the AWS session outlive them.
struct surroundings {
  const base::clock& clock;
  base::call_observer observer = {};
  // Asked only when a store is in AWS.
  std::function<base::result<aws::session*>()> aws = {};
};

// Makes what is missing on this machine and migrates the databases; nothing in AWS is made. The error says
// what to do.
base::result<opened_stores> open_stores(const locations& where, const store_options& options,
                                        const surroundings& around);

// Every migration of the databases, and whether it has been run. Changes nothing.
base::result<schema_status> migration_status(const locations& where, const store_options& options);

}  // namespace dossier::stores
