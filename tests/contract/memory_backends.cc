// The S3 and the DynamoDB in memory: the suites show that these fakes behave as the real ones do.
#include "contract/backends.h"
#include "fakes/manual_clock.h"
#include "fakes/memory_aws.h"
#include "fakes/temporary_folder.h"
#include "stores/catalog/dynamodb_catalog.h"
#include "stores/objects/s3_objects.h"

namespace dossier::contract {
namespace {

class memory_s3_backend final : public backend<domain::object_store> {
 public:
  explicit memory_s3_backend(bool versioned) { aws_.s3.versioned = versioned; }
  domain::object_store& store() override { return store_; }

 private:
  static constexpr stores::upload_sizes sizes{
      .part = 100'000, .piece = 10'000, .memory = 10'000'000, .disk = 10'000'000};

  fakes::manual_clock clock_;
  fakes::memory_aws aws_{clock_};
  fakes::temporary_folder folder_;
  base::blocking_pool pool_{2};
  stores::s3_objects store_{aws_.start_node(),
                            {.bucket = aws::s3::make_bucket(fakes::nowhere(), "bucket"), .prefix = "files/"},
                            {.staging = folder_.path(), .sizes = sizes},
                            pool_,
                            {},
                            {}};
};

class memory_dynamodb_backend final : public backend<domain::catalog> {
 public:
  memory_dynamodb_backend() { aws_.dynamodb.longest_page = 7; }
  domain::catalog& store() override { return store_; }

 private:
  fakes::manual_clock clock_;
  fakes::memory_aws aws_{clock_};
  stores::dynamodb_catalog store_{
      aws_.start_node(), aws_.dynamodb.place(), fakes::memory_dynamodb::index, {}};
};

}  // namespace

backend_factory<domain::object_store> s3_in_memory(bool versioned) {
  return {versioned ? "versioned_s3_in_memory" : "s3_in_memory", [versioned] {
            return std::make_unique<memory_s3_backend>(versioned);
          }};
}

backend_factory<domain::catalog> dynamodb_in_memory() {
  return {"dynamodb_in_memory", [] {
            return std::make_unique<memory_dynamodb_backend>();
          }};
}

}  // namespace dossier::contract
