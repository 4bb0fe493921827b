// What a function returns when something may go wrong: a value, or an error that is safe to show to a client.
//
// The codes are not HTTP's: src/web/problem.h maps them to status codes. Code that calls a database, a disk
// or a service logs the detailed error itself and returns one of these codes.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace dossier::base {

enum class error_code {
  not_found,     // it does not exist, or no longer exists
  gone,          // it was done before, and its result no longer exists
  conflict,      // another change is in progress; trying again later may work
  stale,         // it has changed since the caller read it
  invalid,       // the input is wrong; `fields` says where
  malformed,     // the bytes do not follow their format
  unauthorized,  // the caller is not allowed to do it
  too_large,     // over a limit
  rate_limited,  // too many requests in a short time
  timed_out,     // the other side was too slow
  unavailable,   // a store cannot be used now; trying again later works
  no_space,      // the disk is full
  internal,      // a bug, or a resource has run out
};

struct field_error {
  std::string field;    // the name of the form field or JSON member
  std::string message;  // what to do, such as "Enter an age between 0 and 150"
};

struct error {
  error_code code = error_code::internal;
  std::string message;  // one sentence, safe to show to anyone
  std::vector<field_error> fields = {};
  std::optional<std::chrono::seconds> retry_after = {};
  // True when it is unknown whether the change was made: the answer was lost, or writing it to disk failed
  // half way.
  bool may_have_happened = false;
};

template <class T>
using result = std::expected<T, error>;

inline std::unexpected<error> fail(error_code code, std::string message) {
  return std::unexpected(error{code, std::move(message)});
}

// Passes an error from one result type to another: `if (!r) return pass(r);`
template <class T>
std::unexpected<error> pass(std::expected<T, error>& failed) {
  return std::unexpected(std::move(failed.error()));
}

}  // namespace dossier::base
