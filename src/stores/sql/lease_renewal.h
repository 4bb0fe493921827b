// Extends many leases by few statements: a node keeps all of its running uploads alive, and each of a
// thousand cannot have round trips of its own.
#pragma once

#include <chrono>
#include <span>

#include "domain/values.h"
#include "stores/sql/connection.h"
#include "stores/sql/in_list.h"

namespace dossier::stores::sql {

inline constexpr std::size_t most_leases_at_once = most_in_list;

// What these hold: uploading files, with the reaps that are due when the lease ends, and claimed keys. What
// has ended stays so. At least one, and no more than that; within a transaction.
void extend_leases(connection& on, std::span<const domain::lease_token> leases,
                   std::chrono::milliseconds lease_for);

}  // namespace dossier::stores::sql
