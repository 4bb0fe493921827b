#include "stores/sql/leases.h"

#include <vector>

#include "base/expects.h"
#include "stores/sql/query.h"
#include "stores/sql/sql_records.h"

namespace dossier::stores::sql {
namespace {

base::error in_flight(std::chrono::milliseconds left) {
  return {.code = base::error_code::conflict,
          .message = "The same submission is being received at this moment. Try again shortly.",
          .retry_after = std::chrono::ceil<std::chrono::seconds>(left)};
}

enum class holder { nobody, this_lease, ended_lease, other_lease, used };

struct key_state {
  holder held = holder::nobody;
  std::chrono::milliseconds left{};
  used_key use;
};

key_state look_at(connection& on, const domain::idempotency_key& key, const domain::lease_token& lease) {
  query row(on,
            "SELECT lease_token, lease_ends - now_ms(), person_id, fingerprint FROM idempotency_key "
            "WHERE scope = ? AND name = ? /*lock*/",
            key.scope, key.key);
  if (!row.next()) return {};
  const bool ours = row.text(0) == lease.value;
  const std::chrono::milliseconds left(row.integer(1));
  if (!row.is_null(2)) {
    return {holder::used, left, {{.fingerprint = row.digest(3), .person = {row.integer(2)}}, ours}};
  }
  if (ours) return {holder::this_lease, left, {}};
  return {left.count() > 0 ? holder::other_lease : holder::ended_lease, left, {}};
}

}  // namespace

base::result<std::variant<claimed_key, used_key>> claim_key(connection& on,
                                                            const domain::idempotency_key& key,
                                                            const domain::lease_token& lease,
                                                            std::chrono::milliseconds lease_for) {
  base::expects(!key.key.empty(), "a key that is claimed is not empty");
  base::expects(!lease.value.empty(), "a key is claimed by a lease");
  const auto state = look_at(on, key, lease);
  switch (state.held) {
    case holder::used:
      return state.use;
    case holder::other_lease:
      return std::unexpected(in_flight(state.left));
    case holder::nobody:
      execute(
          on,
          "INSERT INTO idempotency_key (scope, name, lease_token, lease_ends) VALUES (?, ?, ?, now_ms() + ?)",
          key.scope, key.key, lease, lease_for);
      return claimed_key();
    case holder::this_lease:
    case holder::ended_lease:
      execute(on,
              "UPDATE idempotency_key SET lease_token = ?, lease_ends = now_ms() + ? WHERE scope = ? AND "
              "name = ?",
              lease, lease_for, key.scope, key.key);
      return claimed_key();
  }
  base::not_reached();
}

void use_key(connection& on, const domain::idempotency_key& key, domain::person_id person,
             const domain::sha256_digest& fingerprint) {
  base::expects(person.value > 0, "a key that was used came to a person");
  // A key without a time of use is never forgotten.
  const bool kept = key.scope == domain::import_scope;
  execute(on,
          "UPDATE idempotency_key SET person_id = ?, fingerprint = ?, "
          "used_at = CASE WHEN ? = 1 THEN NULL ELSE now_ms() END WHERE scope = ? AND name = ?",
          person, fingerprint, kept ? 1 : 0, key.scope, key.key);
  base::expects(on.rows_met() == 1, "a key is claimed before it is used");
}

void drop_claims(connection& on, const domain::lease_token& lease) {
  base::expects(!lease.value.empty(), "claims belong to a lease");
  execute(on, "DELETE FROM idempotency_key WHERE lease_token = ? AND person_id IS NULL", lease);
}

namespace {

using domain::file_id;
using domain::lease_token;
using std::chrono::milliseconds;

// Reads without locks. The files that are found are checked again when they are changed by their primary
// keys, so that this never waits for another node's upload.
std::vector<file_id> uploads_of(connection& on, std::span<const lease_token> leases) {
  std::vector<file_id> files;
  query rows(on,
             among("SELECT id FROM file WHERE state = :uploading AND lease_ends > now_ms() AND lease_token",
                   leases.size()));
  add_all(rows, leases);
  while (rows.next()) files.push_back({rows.integer(0)});
  return files;
}

template <class Value>
void extend(connection& on, std::string_view sql, std::span<const Value> values, milliseconds lease_for) {
  query change(on, among(sql, values.size()));
  change.add(lease_for);
  add_all(change, values);
  change.next();
}

// Locks files before tasks, as all transactions do. A `reap` task always belongs to an uploading file. If the
// file's lease has ended since the file was found, it is not extended, and the `reap` stays due.
void extend_uploads(connection& on, std::span<const file_id> files, milliseconds lease_for) {
  extend(
      on,
      "UPDATE file SET lease_ends = now_ms() + ? WHERE state = :uploading AND lease_ends > now_ms() AND id",
      files, lease_for);
  query put_off(on,
                among("UPDATE task SET due_at = (SELECT lease_ends FROM file WHERE file.id = task.file_id) "
                      "WHERE kind = :reap AND lease_token IS NULL AND file_id",
                      files.size()));
  add_all(put_off, files);
  put_off.next();
}

void extend_claims(connection& on, std::span<const lease_token> leases, milliseconds lease_for) {
  extend(on,
         "UPDATE idempotency_key SET lease_ends = now_ms() + ? "
         "WHERE person_id IS NULL AND lease_ends > now_ms() AND lease_token",
         leases, lease_for);
}

}  // namespace

void extend_leases(connection& on, std::span<const lease_token> leases, milliseconds lease_for) {
  base::expects(!leases.empty() && leases.size() <= most_leases_at_once,
                "1 to 128 leases are extended at once");
  const auto found = uploads_of(on, leases);
  // A submission may have several files, so there may be more files than leases.
  in_lists(std::span(found), [&](auto files) { extend_uploads(on, files, lease_for); });
  extend_claims(on, leases, lease_for);
}

}  // namespace dossier::stores::sql
