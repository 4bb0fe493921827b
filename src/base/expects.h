// Contracts: conditions that are always true unless the code has a bug, whatever clients, databases or disks
// do. They are checked in release builds too.
//
//   base::expects(!lease.empty(), "a submission has a lease");
//
// Data from clients, databases or disks is never a contract: the code checks it and returns an error. When a
// contract is broken, the state of the process may be wrong. So it logs which contract was broken and where,
// and aborts at once. Acknowledged data is on disk, and the rest is cleaned up as after any crash.
#pragma once

#include <source_location>

namespace dossier::base {

[[noreturn]] void contract_broken(const char* what, std::source_location where) noexcept;

// `what` says in plain words which condition holds. It does not repeat the code.
constexpr void expects(bool holds, const char* what,
                       std::source_location where = std::source_location::current()) {
  if (!holds) [[unlikely]]
    contract_broken(what, where);
}

// For the place after a switch that has a case for every value of an enumeration.
[[noreturn]] inline void not_reached(std::source_location where = std::source_location::current()) {
  contract_broken("every value has a case", where);
}

}  // namespace dossier::base
