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
#include "base/async.h"
#include "base/blocking_pool.h"
#include "base/result.h"
#include "domain/origin_reader.h"
#include "stores/locations.h"
#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/mysql/mysql_settings.h"

namespace dossier::stores {

// Reads the origin's table `users`, a page at a time, on its own thread. Sends only SELECTs.

class origin_table {
 public:
  explicit origin_table(sql::mysql_settings where);

  awaitable<base::result<std::int64_t>> count();
  awaitable<base::result<std::vector<domain::origin_person>>> page(std::string after, int limit);

 private:
  template <class Answer, class Work>
  awaitable<base::result<Answer>> ask(Work work);
  base::result<void> connect();
  base::result<void> find_columns();

  const sql::mysql_settings settings_;
  std::unique_ptr<sql::mysql_connection> connection_;  // used on the pool's thread only
  std::string id_column_;
  base::blocking_pool thread_;
};

struct origin_bucket {
  aws::s3::bucket bucket;
  std::string prefix;  // of every key: empty, or with a slash at its end
};

class aws_origin final : public domain::origin_reader {
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
base::result<std::unique_ptr<domain::origin_reader>> make_origin(aws::session& session, origin_location where,
                                                                 sql::mysql_settings options);

}  // namespace dossier::stores
