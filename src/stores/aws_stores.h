// Opens the stores that live in AWS: objects in S3, the catalog in DynamoDB. open.h and checks/ use this. The
// stores call AWS through the session that aws/session.h makes from the environment.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "aws/services/dynamodb.h"
#include "aws/services/s3.h"
#include "aws/session.h"
#include "base/blocking_pool.h"
#include "base/observer.h"
#include "base/result.h"
#include "stores/locations.h"
#include "stores/objects/s3_objects.h"
#include "stores/objects/s3_place.h"
#include "stores/objects/s3_upload.h"
#include "stores/opened.h"

namespace dossier::stores {

struct s3_objects_options {
  std::filesystem::path staging =
      {};  // the folder for staged parts; empty: the system's folder for temporary files
  upload_sizes sizes = {};
  std::chrono::milliseconds wait = upload_options{}.wait;  // the longest time an upload waits for room
  aws::s3::encryption encryption = {};
  bool checksums = true;                   // SHA-256; off for clones of S3 that do not know it
  std::chrono::milliseconds link_time{0};  // how long a link to an object is valid; 0: no links
};

// These functions do not call AWS, so that Dossier can start while a store cannot be reached. invalid: a
// setting is wrong; the message tells the operator which. The session and the pool must outlive the stores.
base::result<opened_store<domain::object_store>> open_s3_objects(aws::session& session, s3_location where,
                                                                 s3_objects_options options,
                                                                 base::blocking_pool& pool,
                                                                 base::call_observer observer);
base::result<opened_store<domain::catalog>> open_dynamodb_catalog(aws::session& session,
                                                                  dynamodb_location where,
                                                                  base::call_observer observer);

// The bucket and the table that the stores' requests go to. invalid: as above.
base::result<s3_place> place_in_s3(aws::session& session, s3_location where,
                                   const s3_objects_options& options);
base::result<aws::dynamodb::table> table_in_dynamodb(aws::session& session, const dynamodb_location& where);

}  // namespace dossier::stores
