// Examines a bucket: what Dossier may do there, and how it is set up. Without --probe-writes it only asks for
// what is not there and adds to, aborts or erases what does not exist: AWS says whether one may
// before it looks.
#pragma once

#include <optional>

#include "aws/client.h"
#include "base/random.h"
#include "domain/store_check.h"
#include "stores/checks/bucket_rules.h"
#include "stores/objects/s3_place.h"

namespace dossier::stores {

class bucket_check final : public domain::store_check {
 public:
  // Client and randomness outlive it.
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
