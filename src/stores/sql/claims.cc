#include "stores/sql/claims.h"

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
  std::unreachable();
}

void use_key(connection& on, const domain::idempotency_key& key, domain::person_id person,
             const domain::sha256_digest& fingerprint) {
  // Only what has a time is ever forgotten.
  const bool kept = key.scope == domain::import_scope;
  execute(on,
          "UPDATE idempotency_key SET person_id = ?, fingerprint = ?, "
          "used_at = CASE WHEN ? = 1 THEN NULL ELSE now_ms() END WHERE scope = ? AND name = ?",
          person, fingerprint, kept ? 1 : 0, key.scope, key.key);
}

void drop_claims(connection& on, const domain::lease_token& lease) {
  execute(on, "DELETE FROM idempotency_key WHERE lease_token = ? AND person_id IS NULL", lease);
}

}  // namespace dossier::stores::sql
