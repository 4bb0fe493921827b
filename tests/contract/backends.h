// The back-ends that the contract suites run on. A new one is a class in backends.cc and one line in its
// list.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"

namespace dossier::contract {

// An empty store, which is gone when this is destroyed.
template <class Store>
class backend {
 public:
  virtual ~backend() = default;
  virtual Store& store() = 0;
  // Lets this much time pass on the store's own clock.
  virtual void let_pass(std::chrono::milliseconds) {}
};

template <class Store>
struct backend_factory {
  std::string name;
  std::function<std::unique_ptr<backend<Store>>()> make;
};

std::vector<backend_factory<domain::records>> records_backends();
// The same, and each once more with searches that ask the index at once ("_by_index"); otherwise they ask it
// only when there are many people.
std::vector<backend_factory<domain::records>> search_backends();
std::vector<backend_factory<domain::object_store>> objects_backends();
std::vector<backend_factory<domain::catalog>> catalog_backends();

// The stores in AWS, on moto (aws_backends.cc).
backend_factory<domain::object_store> s3_backend();
backend_factory<domain::object_store> versioned_s3_backend();
backend_factory<domain::catalog> dynamodb_backend();

// The fakes of them that the fault suites run on (memory_backends.cc).
backend_factory<domain::object_store> s3_in_memory(bool versioned);
backend_factory<domain::catalog> dynamodb_in_memory();

inline const auto name_of = [](const auto& info) {
  return info.param.name;
};

}  // namespace dossier::contract
