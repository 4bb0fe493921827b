// The stores that live in AWS, ready to use: objects in S3, the catalog in DynamoDB. The composition root
// calls this; the calls go through what aws/access.h put together from the environment.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "aws/access.h"
#include "aws/dynamodb.h"
#include "aws/s3.h"
#include "base/blocking_pool.h"
#include "base/observer.h"
#include "base/result.h"
#include "domain/catalog.h"
#include "stores/locations.h"
#include "stores/objects/s3_objects.h"
#include "stores/objects/s3_place.h"
#include "stores/objects/s3_upload.h"

namespace dossier::stores {

struct s3_objects_options {
  std::filesystem::path staging =
      {};  // a folder for parts on their way; empty: the system's for temporary files
  upload_sizes sizes = {};
  std::chrono::milliseconds wait = upload_options{}.wait;  // longest, for an upload to begin
  aws::s3::encryption encryption = {};
  bool checksums = true;                   // SHA-256; off for clones of S3 that do not know it
  std::chrono::milliseconds link_time{0};  // how long a link to an object is valid; 0: no links
};

// Nothing is asked of AWS yet: a store that is away is no reason not to start. invalid: a setting is wrong,
// and the message, which is for the operator, says which. Access and pool outlive the stores.
base::result<std::unique_ptr<s3_objects>> make_s3_objects(aws::access& access, s3_location where,
                                                          s3_objects_options options,
                                                          base::blocking_pool& pool,
                                                          base::call_observer observer);
base::result<std::unique_ptr<domain::catalog>> make_dynamodb_catalog(aws::access& access,
                                                                     dynamodb_location where,
                                                                     base::call_observer observer);

// Where their requests go. invalid, as above.
base::result<s3_place> place_in_s3(aws::access& access, s3_location where, const s3_objects_options& options);
base::result<aws::dynamodb::table> table_in_dynamodb(aws::access& access, const dynamodb_location& where);

}  // namespace dossier::stores
