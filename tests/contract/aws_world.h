// A client of a moto server that all tests of a program share, and buckets and tables made for each test.
#pragma once

#include <string>

#include "aws/endpoints.h"
#include "aws/services/dynamodb.h"
#include "aws/services/s3.h"
#include "aws/session.h"
#include "base/clock.h"
#include "base/random.h"
#include "fakes/moto_server.h"
#include "fakes/run.h"

namespace dossier::contract {

struct aws_world {
  aws_world();

  // Fails the test when AWS refuses.
  aws::response call(aws::request what);
  aws::outcome<aws::response> try_call(aws::request what);
  aws::endpoint endpoint(aws::service which) const;

  aws::s3::bucket new_bucket();
  // Hash key `filename`, an index by `Author`.
  aws::dynamodb::table new_table();
  // A call of a JSON service that only tests make.
  aws::request json_call(aws::service which, std::string_view target, std::string_view name,
                         std::string body);

  base::system_clock clock;
  base::system_random random;
  aws::session access;

 private:
  int made_ = 0;
};

// Started with the first test that needs it.
fakes::moto_server& shared_moto();
aws_world& world();

}  // namespace dossier::contract
