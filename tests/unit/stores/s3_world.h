// The S3 store over an S3 in memory: a client whose clock stands still and that does not wait between
// attempts.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "aws/client.h"
#include "base/blocking_pool.h"
#include "fakes/impatient.h"
#include "fakes/manual_clock.h"
#include "fakes/memory_s3.h"
#include "fakes/memory_source.h"
#include "fakes/run.h"
#include "fakes/seeded_random.h"
#include "fakes/temporary_folder.h"
#include "stores/objects/s3_objects.h"

namespace dossier {

using fakes::impatient;
using fakes::nowhere;

struct s3_world {
  // Small sizes: a part has 1,000 bytes, a piece 256.
  static stores::upload_sizes small() {
    return {.part = 1'000, .piece = 256, .memory = 100'000, .disk = 100'000, .parts_at_once = 3};
  }

  explicit s3_world(stores::upload_sizes sizes = small(), stores::s3_place where = place(),
                    std::chrono::milliseconds wait = std::chrono::seconds(20)) {
    client = std::make_unique<aws::client>(aws::client_parts{s3, who, clock, random, waits});
    store = std::make_unique<stores::s3_objects>(
        *client, std::move(where),
        stores::upload_options{.staging = folder.path(), .sizes = sizes, .wait = wait}, pool,
        stores::link_options{}, [this](auto, auto operation, auto, bool worked) {
          observed += std::string(operation) + (worked ? "+" : "-");
        });
  }
  static stores::s3_place place() {
    return {.bucket = aws::s3::make_bucket(nowhere(), "bucket"), .prefix = "files/"};
  }

  static domain::object_key key(int number = 1) {
    auto digits = std::to_string(number);
    return {std::string(32 - digits.size(), '0') + digits};
  }
  static std::string name(int number = 1) { return "files/" + key(number).value; }
  static std::string bytes(std::size_t length) {
    std::string text(length, '\0');
    std::uint32_t state = 12345;
    for (auto& c : text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    return text;
  }
  base::result<void> put(std::string what, int number = 1) {
    fakes::memory_source source(std::move(what), 300);
    return fakes::run_sync(store->put(key(number), source));
  }
  // No object is there, and no attempt has left anything.
  bool nothing_left() const { return s3.versions() == 0 && s3.uploads() == 0 && store->staged() == 0; }

  fakes::memory_s3 s3;
  aws::static_credentials who{{.access_key = "key", .secret_key = "secret"}};
  fakes::manual_clock clock;
  fakes::seeded_random random;
  impatient waits;
  fakes::temporary_folder folder;
  base::blocking_pool pool{2};
  std::string observed;
  std::unique_ptr<aws::client> client;
  std::unique_ptr<stores::s3_objects> store;
};

}  // namespace dossier
