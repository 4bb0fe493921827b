// Examines a bucket: what Dossier may do there, and how it is set up. Without --probe-writes, its calls only
// read, add to, abort or erase things that do not exist, because AWS checks the permission before it looks
// for the thing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/client.h"
#include "aws/services/s3.h"
#include "base/random.h"
#include "domain/store_check.h"
#include "stores/checks/aws_checks.h"
#include "stores/objects/s3_place.h"

namespace dossier::stores {

// What a bucket answered; findings_of() says what that means. Pure.
struct bucket_facts {
  std::string region;                  // that requests are signed for
  bool clone = false;                  // a store that imitates S3; it is checked less strictly
  bool plain = false;                  // requests go to another machine over plain HTTP
  bool written = false;                // an object was written and erased
  std::string checksums_refused = {};  // the error code; empty: they were not refused
  std::vector<aws_probe> probes = {};

  aws::outcome<std::string> location = "";
  aws::outcome<aws::s3::versioning> versioning = aws::s3::versioning::never;
  aws::outcome<aws::s3::object_lock> lock = aws::s3::object_lock{};
  aws::outcome<aws::s3::encryption> encryption = aws::s3::encryption{};
  aws::outcome<aws::s3::public_access_block> access_block = aws::s3::public_access_block{};
  aws::outcome<aws::s3::lifecycle> lifecycle = aws::s3::lifecycle{};
};

std::vector<domain::store_finding> findings_of(const bucket_facts& bucket);

class bucket_check final : public domain::store_check {
 public:
  // `via` and `random` must outlive this object.
  bucket_check(aws::client& via, base::random_source& random, s3_place place)
      : client_(via), random_(random), place_(std::move(place)) {}

  awaitable<domain::store_report> look(domain::check_depth how) override;

 private:
  awaitable<bool> ask(aws_probe about, aws::request what);
  awaitable<void> ask_versions(aws::request what);
  template <class Make>
  awaitable<std::optional<aws::error>> send_with_checksum(Make make);
  template <class Make>
  awaitable<void> ask_with_checksum(aws_probe about, Make make);
  template <class Fact>
  awaitable<aws::outcome<Fact>> tell(aws::request what, aws::outcome<Fact> (*parse)(const aws::response&));
  awaitable<bool> probe_permissions();
  awaitable<void> read_settings();
  awaitable<void> write_and_erase();

  aws::client& client_;
  base::random_source& random_;
  s3_place place_;
  bucket_facts facts_;
};

}  // namespace dossier::stores
