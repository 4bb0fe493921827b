#include "faults/backends.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "aws/services/s3.h"
#include "fakes/run.h"
#include "stores/catalog/dynamodb_catalog.h"
#include "stores/embedded.h"
#include "stores/objects/folder_mark.h"
#include "stores/objects/s3_objects.h"

namespace dossier {
namespace {

constexpr unsigned pool_threads = 4;
constexpr const char* prefix = "files/";

// Small sizes, so that some files in these tests are sent at once, some are staged, some go in several parts.
constexpr stores::upload_sizes small{
    .part = 32'000, .piece = 8'000, .memory = 1'000'000, .disk = 1'000'000, .parts_at_once = 3};

bool chosen(const char* name, std::string_view kind, std::string_view other) {
  const char* value = std::getenv(name);
  if (value == nullptr || value == other) return false;
  if (value == kind) return true;
  throw std::runtime_error(std::string(name) + " is neither " + std::string(kind) + " nor " +
                           std::string(other));
}

template <class Value>
Value need(base::result<Value> made) {
  if (!made) throw std::runtime_error(made.error().message);
  return std::move(*made);
}

}  // namespace

mix chosen_mix() {
  return {.mysql = chosen("DOSSIER_TEST_RECORDS", "mysql", "sqlite"),
          .s3 = chosen("DOSSIER_TEST_OBJECTS", "s3", "folder"),
          .dynamodb = chosen("DOSSIER_TEST_CATALOG", "dynamodb", "sqlite")};
}

backends::backends(mix where, std::filesystem::path folder, fakes::manual_clock& clock)
    : aws(clock), where_(where), folder_(std::move(folder)), clock_(clock) {
  // A versioned bucket is stricter: what is erased must leave no version either.
  aws.s3.versioned = true;
  if (!where.mysql) return;
  database_ = std::make_unique<fakes::mysql_on_test_clock>(clock.now());
  clock.moved = [this](base::time_point now) {
    database_->set_time(now);
  };
}

backends::~backends() {
  clock_.moved = nullptr;
}

stores::opened_stores backends::open() {
  stores::opened_stores all;
  all.disk = std::make_unique<base::blocking_pool>(pool_threads);
  all.records = where_.mysql
                    ? database_->start_node()
                    : need(stores::open_sqlite_records(folder_ / "records.db", clock_, {}, {})).store;
  auto& client = aws.start_node();
  all.objects = where_.s3
                    ? std::make_unique<stores::s3_objects>(
                          client,
                          stores::s3_place{.bucket = aws::s3::make_bucket(fakes::nowhere(), "bucket"),
                                           .prefix = prefix},
                          stores::upload_options{.staging = folder_, .sizes = small}, *all.disk,
                          stores::link_options{}, base::call_observer{})
                    : need(stores::open_folder_objects(folder_ / "objects", false, *all.disk, {})).store;
  if (where_.dynamodb) {
    all.catalog = std::make_unique<stores::dynamodb_catalog>(
        client, aws.dynamodb.place(), fakes::memory_dynamodb::index, base::call_observer{});
  } else {
    all.catalog = need(stores::open_sqlite_catalog(folder_ / "catalog.db", clock_, {}, {})).store;
  }
  return all;
}

void backends::settle() {
  aws.plan.clear();
  late_ += fakes::run_sync(aws.land());
}

void backends::expect_no_traces_but_of(const std::set<std::string>& keys) const {
  const auto is_theirs = [&](const std::string& name) {
    return keys.contains(name.substr(std::string_view(prefix).size()));
  };
  EXPECT_EQ(aws.s3.parts(), 0u) << "parts of an upload that nobody will finish";
  for (const auto& name : aws.s3.names()) {
    if (name == prefix + std::string(stores::mark_name)) continue;
    const bool may_stay = late_ > 0 && aws.s3.only_marked(name);
    EXPECT_TRUE(is_theirs(name) || may_stay) << "a version or marker of " << name;
  }
  // An upload without parts may stay beside its finished file: the call that begins it was made twice.
  for (const auto& name : aws.s3.uploading()) EXPECT_TRUE(is_theirs(name)) << "an upload of " << name;
}

std::filesystem::path backends::unfinished_in_folder(const domain::object_key& key) const {
  return folder_ / "objects" / key.value.substr(0, 2) / ("." + key.value);
}

void backends::leave_unfinished(const domain::object_key& key) {
  if (where_.s3) {
    aws.s3.begin_upload(prefix + key.value);
    return;
  }
  const auto path = unfinished_in_folder(key);
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << "half";
}

bool backends::has_unfinished(const domain::object_key& key) const {
  if (!where_.s3) return std::filesystem::exists(unfinished_in_folder(key));
  const auto all = aws.s3.uploading();
  return std::ranges::find(all, prefix + key.value) != all.end();
}

void backends::leave_stranger(const std::string& name) {
  if (where_.s3) {
    EXPECT_TRUE(fakes::run_sync(
        aws.s3.send({.method = "PUT", .url = std::string("http://memory/bucket/") + prefix + name})));
  } else {
    std::ofstream(folder_ / "objects" / name) << "somebody's";
  }
}

bool backends::has_stranger(const std::string& name) const {
  if (where_.s3) return aws.s3.find(prefix + name) != nullptr;
  return std::filesystem::exists(folder_ / "objects" / name);
}

}  // namespace dossier
