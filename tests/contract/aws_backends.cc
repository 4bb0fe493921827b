// The stores in AWS, on a moto server: each back-end has a bucket or a table of its own.
#include <stdexcept>
#include <utility>

#include "base/blocking_pool.h"
#include "contract/aws_world.h"
#include "contract/backends.h"
#include "contract/small_parts.h"
#include "fakes/temporary_folder.h"
#include "stores/aws_stores.h"

namespace dossier::contract {
namespace {

// The suite's larger objects have several parts.
constexpr stores::upload_sizes some_parts{.part = 128 << 10, .piece = 64 << 10, .disk = 1 << 20};

class s3_objects final : public backend<domain::object_store> {
 public:
  explicit s3_objects(bool versioned) {
    auto& aws = world_with_small_parts();
    const auto bucket = aws.new_bucket();
    if (versioned) keep_versions(bucket);
    auto made = stores::open_s3_objects(aws.access, {.bucket = bucket.name, .prefix = "some/files"},
                                        {.staging = folder_.path(), .sizes = some_parts}, pool_, {});
    if (!made) throw std::runtime_error(made.error().message);
    store_ = std::move(made->store);
  }
  domain::object_store& store() override { return *store_; }

 private:
  fakes::temporary_folder folder_;
  base::blocking_pool pool_{2};
  std::unique_ptr<domain::object_store> store_;
};

class dynamodb_catalog final : public backend<domain::catalog> {
 public:
  dynamodb_catalog() {
    auto& aws = world_with_small_parts();
    auto made = stores::open_dynamodb_catalog(
        aws.access, {.table = aws.new_table().name, .author_index = "by-author"}, {});
    if (!made) throw std::runtime_error(made.error().message);
    store_ = std::move(made->store);
  }
  domain::catalog& store() override { return *store_; }

 private:
  std::unique_ptr<domain::catalog> store_;
};

}  // namespace

backend_factory<domain::object_store> s3_backend() {
  return {"s3", [] {
            return std::make_unique<s3_objects>(false);
          }};
}

backend_factory<domain::object_store> versioned_s3_backend() {
  return {"s3_versioned", [] {
            return std::make_unique<s3_objects>(true);
          }};
}

backend_factory<domain::catalog> dynamodb_backend() {
  return {"dynamodb", [] {
            return std::make_unique<dynamodb_catalog>();
          }};
}

}  // namespace dossier::contract
