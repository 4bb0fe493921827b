// Functions for leases, to be called within a transaction. A lease claims an idempotency key while its
// submission runs; the commit marks the key as used. A node extends the leases of its uploads and claims.
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

// Claims the key for this lease. Succeeds also when this lease has claimed it before, or when the lease that
// had claimed it has ended. used_key: an earlier submission used the key. conflict with retry_after: another
// lease has claimed it.
base::result<std::variant<claimed_key, used_key>> claim_key(connection& on,
                                                            const domain::idempotency_key& key,
                                                            const domain::lease_token& lease,
                                                            std::chrono::milliseconds lease_for);
// Marks a claimed key as used: its submission made this person, or added files to them.
void use_key(connection& on, const domain::idempotency_key& key, domain::person_id person,
             const domain::sha256_digest& fingerprint);

// Drops this lease's claims to keys that were not used.
void drop_claims(connection& on, const domain::lease_token& lease);

// How many leases one call of extend_leases() takes. They are extended together with few statements, because
// a node may have a thousand uploads.
inline constexpr std::size_t most_leases_at_once = most_in_list;

// Extends the leases of uploading files and of claimed keys that these tokens name. The `reap` tasks of the
// files become due later as well. A lease that has ended is not extended. Takes 1 to most_leases_at_once
// leases; within a transaction.
void extend_leases(connection& on, std::span<const domain::lease_token> leases,
                   std::chrono::milliseconds lease_for);

}  // namespace dossier::stores::sql
