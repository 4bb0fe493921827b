// The origin (the application that Dossier replaces) as it was deployed: the table `users` in MySQL, a bucket
// in S3, a table in DynamoDB.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aws/client.h"
#include "aws/services/dynamodb.h"
#include "aws/services/s3.h"
#include "aws/session.h"
#include "base/result.h"
#include "domain/origin.h"
#include "stores/locations.h"
#include "stores/origin/origin_table.h"
#include "stores/sql/mysql/mysql_settings.h"

namespace dossier::stores {

struct origin_bucket {
  aws::s3::bucket bucket;
  std::string prefix;  // of every key: empty, or with a slash at its end
};

class aws_origin final : public domain::origin {
 public:
  aws_origin(sql::mysql_settings people, aws::client& calls, origin_bucket files,
             aws::dynamodb::table catalog);

  awaitable<base::result<std::int64_t>> count_people() override;
  awaitable<base::result<std::vector<domain::origin_person>>> people(std::string after, int limit) override;
  awaitable<base::result<std::vector<domain::origin_object>>> objects(std::string after, int limit) override;
  awaitable<base::result<domain::origin_items>> items(std::string from) override;
  awaitable<base::result<std::unique_ptr<base::byte_source>>> open(domain::origin_object which) override;

 private:
  origin_table people_;
  aws::client& client_;
  origin_bucket files_;
  aws::dynamodb::table catalog_;
};

// Where an origin's data is.
struct origin_location {
  mysql_location people;
  s3_location files;
  dynamodb_location catalog;
};

// Makes an origin that is ready to be read; sends no request yet. The composition root calls this. `session`
// must outlive the origin. invalid: the configuration of AWS is wrong; the message says what.
base::result<std::unique_ptr<domain::origin>> make_origin(aws::session& session, origin_location where,
                                                          sql::mysql_settings options);

}  // namespace dossier::stores
