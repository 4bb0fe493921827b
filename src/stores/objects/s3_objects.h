// The object store in a bucket of S3 or of a compatible store. The name of an object there is PREFIX + its
// key.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "aws/client.h"
#include "base/blocking_pool.h"
#include "base/observer.h"
#include "domain/belonging.h"
#include "domain/object_store.h"
#include "stores/objects/s3_eraser.h"
#include "stores/objects/s3_place.h"
#include "stores/objects/s3_upload.h"
#include "stores/observed_calls.h"

namespace dossier::stores {

// The mark of files in S3: the object PREFIX + dossier-records holds the identity of the records that they
// belong to. Its name is not an object's key, so no list of files shows it.
class s3_mark {
 public:
  // Both must outlive this object.
  s3_mark(aws::client& via, const s3_place& place) : client_(via), place_(place) {}

  awaitable<base::result<std::optional<domain::records_identity>>> read();
  // Without `replace` an existing mark stays, even one that another node writes at the same time. If the
  // store has no conditional writes and two nodes write at the same time, the mark that was written last
  // stays.
  awaitable<base::result<void>> write(domain::records_identity who, bool replace);

 private:
  aws::client& client_;
  const s3_place& place_;
};

// How long a client may use a link to an object. Zero: no links are given.
struct link_options {
  std::chrono::seconds valid{0};
};

class s3_objects final : public domain::object_store {
 public:
  // The client and the pool must outlive this object.
  s3_objects(aws::client& via, s3_place place, upload_options options, base::blocking_pool& pool,
             link_options links, base::call_observer observer);
  ~s3_objects() override;

  awaitable<base::result<void>> put(domain::object_key key, base::byte_source& bytes) override;
  awaitable<base::result<std::unique_ptr<base::byte_source>>> open(domain::object_key key,
                                                                   std::uint64_t offset,
                                                                   std::uint64_t length) override;
  awaitable<base::result<std::optional<std::string>>> link(domain::object_key key,
                                                           domain::link_headers shown) override;
  awaitable<base::result<void>> erase(domain::object_key key) override;
  awaitable<base::result<std::optional<std::uint64_t>>> stat(domain::object_key key) override;
  awaitable<base::result<std::vector<domain::object_entry>>> list(domain::object_key after,
                                                                  int limit) override;
  awaitable<base::result<domain::object_remains>> remains(int limit) override;
  awaitable<base::result<std::optional<domain::records_identity>>> owner() override;
  awaitable<base::result<domain::records_identity>> claim(domain::records_identity who) override;
  awaitable<base::result<void>> give(domain::records_identity who) override;
  awaitable<base::result<void>> check() override;

  // Bytes of disk space that staged parts take now. A part counts with its full size unless its client is
  // slow.
  std::uint64_t staged() const { return means_.disk.taken(); }
  std::uint64_t staging_limit() const { return means_.disk.limit(); }
  // Parts that wait for room.
  std::size_t waiting_to_stage() const { return means_.disk.waiting(); }

 private:
  awaitable<base::result<std::unique_ptr<base::byte_source>>> open_range(const domain::object_key& key,
                                                                         std::uint64_t offset,
                                                                         std::uint64_t length);
  awaitable<base::result<std::optional<std::uint64_t>>> size_of(const domain::object_key& key);
  awaitable<base::result<std::vector<domain::object_entry>>> list_some(const domain::object_key& after,
                                                                       std::size_t limit);
  awaitable<base::result<domain::object_remains>> look_for_remains(std::size_t limit);
  awaitable<base::result<domain::records_identity>> claim_mark(domain::records_identity who);
  awaitable<base::result<void>> ask_bucket();

  aws::client& client_;
  s3_place place_;
  upload_means means_;
  s3_eraser eraser_;
  s3_mark mark_;
  link_options links_;
  observed_calls calls_;
};

}  // namespace dossier::stores
