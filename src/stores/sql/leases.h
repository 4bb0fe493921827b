// Idempotency keys within a transaction: claimed by a lease while its submission runs, then used for good.
#pragma once

#include <chrono>
#include <span>
#include <variant>

#include "domain/records.h"
#include "domain/values.h"
#include "stores/sql/connection.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {

struct claimed_key {};
struct used_key {
  domain::earlier_submission submission;
  bool by_this_lease = false;
};

// Takes the key for this lease, or one that this lease has already, or whose lease has ended. conflict with
// retry_after: another holds it.
base::result<std::variant<claimed_key, used_key>> claim_key(connection& on,
                                                            const domain::idempotency_key& key,
                                                            const domain::lease_token& lease,
                                                            std::chrono::milliseconds lease_for);
// A claimed key came to this.
void use_key(connection& on, const domain::idempotency_key& key, domain::person_id person,
             const domain::sha256_digest& fingerprint);

// Those of this lease that were not used.
void drop_claims(connection& on, const domain::lease_token& lease);

// Extends many leases by few statements: a node keeps all of its running uploads alive, and each of a
// thousand cannot have round trips of its own.
inline constexpr std::size_t most_leases_at_once = most_in_list;

// What these hold: uploading files, with the reaps that are due when the lease ends, and claimed keys. What
// has ended stays so. At least one, and no more than that; within a transaction.
void extend_leases(connection& on, std::span<const domain::lease_token> leases,
                   std::chrono::milliseconds lease_for);

}  // namespace dossier::stores::sql
