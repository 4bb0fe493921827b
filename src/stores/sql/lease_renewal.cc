#include "stores/sql/lease_renewal.h"

#include <vector>

#include "stores/sql/in_list.h"

namespace dossier::stores::sql {
namespace {

using domain::file_id;
using domain::lease_token;
using std::chrono::milliseconds;

// Without locks: what is found is asked again where it is changed, by its primary key alone, so that nobody
// else's upload is waited for.
std::vector<file_id> uploads_of(connection& on, std::span<const lease_token> leases) {
  std::vector<file_id> files;
  query rows(on, among("SELECT id FROM file WHERE state = 0 AND lease_ends > now_ms() AND lease_token",
                       leases.size()));
  add_all(rows, leases);
  while (rows.next()) files.push_back({rows.integer(0)});
  return files;
}

// Files before tasks, as everyone locks them. A task that is a reap still has an uploading file; should that
// one's lease have ended since it was found, its reap stays due when it did.
void extend_uploads(connection& on, std::span<const file_id> files, milliseconds lease_for) {
  {
    query extend(
        on,
        among("UPDATE file SET lease_ends = now_ms() + ? WHERE state = 0 AND lease_ends > now_ms() AND id",
              files.size()));
    extend.add(lease_for);
    add_all(extend, files);
    extend.next();
  }
  query put_off(on,
                among("UPDATE task SET due_at = (SELECT lease_ends FROM file WHERE file.id = task.file_id) "
                      "WHERE kind = 0 AND lease_token IS NULL AND file_id",
                      files.size()));
  add_all(put_off, files);
  put_off.next();
}

void extend_claims(connection& on, std::span<const lease_token> leases, milliseconds lease_for) {
  query extend(on, among("UPDATE idempotency_key SET lease_ends = now_ms() + ? "
                         "WHERE person_id IS NULL AND lease_ends > now_ms() AND lease_token",
                         leases.size()));
  extend.add(lease_for);
  add_all(extend, leases);
  extend.next();
}

}  // namespace

void extend_leases(connection& on, std::span<const lease_token> leases, milliseconds lease_for) {
  const auto found = uploads_of(on, leases);
  // A submission may have several.
  in_lists(std::span(found), [&](auto files) { extend_uploads(on, files, lease_for); });
  extend_claims(on, leases, lease_for);
}

}  // namespace dossier::stores::sql
