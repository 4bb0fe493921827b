// What every tier returns when something may go wrong: a value, or an error that is safe to show.
//
// The codes are the domain's words, not HTTP's; web/problem maps them to status codes, once. An adapter
// logs the vendor's detail where it happens and returns one of these.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace dossier::base {

enum class error_code {
  not_found,     // there is no such thing (any more)
  gone,          // it was done before, and its result no longer exists
  conflict,      // it clashes with something that is going on; trying again later may work
  stale,         // it has changed since the caller read it
  invalid,       // what was given is wrong; `fields` says where
  malformed,     // the bytes do not follow their format
  unauthorized,  // the caller is not allowed to do it
  too_large,     // over a limit
  rate_limited,  // too many, too fast
  timed_out,     // the other side was too slow
  unavailable,   // a store cannot be used now; trying again later works
  no_space,      // the disk is full
  internal,      // a bug, or exhaustion
};

struct field_error {
  std::string field;    // the name of the form field or JSON member
  std::string message;  // what to do, as "Enter an age between 0 and 150"
};

struct error {
  error_code code = error_code::internal;
  std::string message;  // one sentence, safe to show to anyone
  std::vector<field_error> fields = {};
  std::optional<std::chrono::seconds> retry_after = {};
  // The answer was lost, or making the change durable failed half way: nobody knows whether it was made.
  bool may_have_happened = false;
};

template <class T>
using result = std::expected<T, error>;

inline std::unexpected<error> fail(error_code code, std::string message) {
  return std::unexpected(error{code, std::move(message)});
}

// Passes an error on from one result type to another: `if (!r) return pass(r);`
template <class T>
std::unexpected<error> pass(std::expected<T, error>& failed) {
  return std::unexpected(std::move(failed.error()));
}

}  // namespace dossier::base
