#include "stores/origin.h"

#include <utility>

#include "aws/endpoints.h"
#include "stores/origin/aws_origin.h"

namespace dossier::stores {

base::result<std::unique_ptr<domain::origin>> make_origin(aws::access& access, origin_location where,
                                                          sql::mysql_settings options) {
  auto s3 = aws::endpoint_of(access.settings(), aws::service::s3);
  if (!s3) return base::pass(s3);
  auto dynamodb = aws::endpoint_of(access.settings(), aws::service::dynamodb);
  if (!dynamodb) return base::pass(dynamodb);
  options.host = where.people.host;
  options.port = where.people.port;
  options.user = where.people.user;
  options.database = where.people.database;
  return std::make_unique<aws_origin>(
      std::move(options), access.calls(),
      origin_bucket{aws::s3::make_bucket(std::move(*s3), std::move(where.files.bucket)),
                    std::move(where.files.prefix)},
      aws::dynamodb::table{.where = std::move(*dynamodb), .name = std::move(where.catalog.table)});
}

}  // namespace dossier::stores
