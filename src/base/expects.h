// Contracts: what holds as long as the code is right, whatever comes from outside. They are checked in
// release builds too.
//
//   base::expects(!lease.empty(), "a submission has a lease");
//
// What clients, databases or disks say is never a contract: it is checked, and answered with an error. After
// a broken contract the process can no longer trust its own state. It logs which contract broke and where,
// and ends at once: what was acknowledged is on disk, and the rest is cleaned up as after any crash.
#pragma once

#include <source_location>

namespace dossier::base {

[[noreturn]] void contract_broken(const char* what, std::source_location where) noexcept;

// `what` says in plain words what holds, and does not repeat the condition.
constexpr void expects(bool holds, const char* what,
                       std::source_location where = std::source_location::current()) {
  if (!holds) [[unlikely]]
    contract_broken(what, where);
}

// Stands after a switch that names every value of an enumeration.
[[noreturn]] inline void not_reached(std::source_location where = std::source_location::current()) {
  contract_broken("every value has a case", where);
}

}  // namespace dossier::base
