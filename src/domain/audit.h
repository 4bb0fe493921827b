// The audit log: who did what to whom, when, from where, and by which session or token. It has ids and the
// names of fields, never what people typed.
//
// What happens and its entry are one transaction. A moment later the entry is chained: it gets the next
// number, and a hash over itself and the hash before it. So an entry cannot be changed, taken out or put in
// later without every hash after it being wrong; only who can write the database and compute the chain again
// can do that, and then the last hash differs from the one that was logged or kept elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/sha256.h"

namespace dossier::domain {

using base::result;
using base::time_point;
using std::chrono::milliseconds;

struct account_id {
  std::int64_t value = 0;
  auto operator<=>(const account_id&) const = default;
};

// Who does something.
struct actor {
  // The databases store these numbers, so they never change.
  enum class kind {
    program = 0,  // Dossier itself
    command = 1,  // whoever runs a command on the machine
    visitor = 2,  // over HTTP, with an account or without
  };
  kind via = kind::program;
  account_id account = {};   // 0: none
  std::int64_t session = 0;  // 0: none
  std::int64_t token = 0;    // 0: none
  std::string address = {};  // of a visitor
};

inline actor by_command() {
  return {.via = actor::kind::command};
}

// What was done. The databases store these by name, so the names never change, and a version can show what a
// later one wrote.
enum class audit_action {
  person_created,
  person_changed,
  person_deleted,
  files_added,
  file_removed,
  account_added,
  account_changed,  // its role, or whether it is disabled
  account_removed,
  password_set,
  link_made,  // that sets a password
  signed_in,
  signed_out,      // a session was ended
  sessions_ended,  // all of them, or all others
  token_made,
  token_ended,
  second_factor_set,
  second_factor_dropped,
  recovery_codes_made,
  audit_cut,
  audit_exported,
};
// "person_created", …
std::string_view to_string(audit_action what);
std::optional<audit_action> parse_audit_action(std::string_view text);
std::span<const audit_action> all_audit_actions();

// What kind of thing an action is done to: "person", "account", or nothing.
std::string_view subject_of(audit_action what);

struct audit_entry {
  std::int64_t number = 0;  // without gaps; 0: not chained yet
  time_point at;
  std::string what;          // the name of the action
  std::string to;            // what it was done to: "person", "account" or nothing
  std::int64_t subject = 0;  // the number of the person or the account
  std::string detail;        // "name, age", "3 files", "viewer"
  actor by;
  base::sha256_digest hash = {};
};

// One line of JSON without the hash: what the hash is computed over, after the hash before it.
std::string to_json(const audit_entry& entry);
// The same with the hash, as it is exported.
std::string to_json_with_hash(const audit_entry& entry);
base::sha256_digest chained_hash(const base::sha256_digest& before, const audit_entry& entry);

// A place in the chain.
struct audit_mark {
  std::int64_t number = 0;
  base::sha256_digest hash = {};
  bool operator==(const audit_mark&) const = default;
};

struct audit_state {
  audit_mark last;           // the last entry that is chained
  audit_mark cut;            // the last one that was cut off, because it was old: the chain begins after it
  std::int64_t waiting = 0;  // entries that are not chained yet
};

struct audit_query {
  std::optional<account_id> by = {};
  std::optional<audit_action> what = {};
  std::string to = {};  // "person" or "account", with its number
  std::int64_t subject = 0;
  std::int64_t before = 0;  // only entries with a lower number; 0: all
  int limit = 50;
};

// Part of the records. Errors are those of the records.
class audit_log {
 public:
  virtual ~audit_log() = default;

  // Adds an entry by itself, for what changes nothing in the records.
  virtual awaitable<result<void>> note(actor by, audit_action what, std::int64_t subject,
                                       std::string detail) = 0;
  // Chains entries, a limited number in each call. Returns whether there may be more.
  virtual awaitable<result<bool>> chain() = 0;
  // Chained entries, newest first.
  virtual awaitable<result<std::vector<audit_entry>>> list(audit_query query) = 0;
  // Chained entries after this number, oldest first.
  virtual awaitable<result<std::vector<audit_entry>>> scan(std::int64_t after, int limit) = 0;
  virtual awaitable<result<audit_state>> state() = 0;
  // Removes the oldest entries, if they are older than this; a limited number in each call. What is left is a
  // whole chain. Returns how many it removed.
  virtual awaitable<result<std::int64_t>> cut(milliseconds older_than) = 0;
};

// The detail of the entry audit_cut, which is noted with each cut: that the chain begins after this one.
std::string cut_detail(const audit_mark& cut);

// Looks through the whole chain.
struct audit_report {
  audit_state state;
  std::int64_t entries = 0;
  time_point first_at = {};          // of the oldest entry that is there
  std::optional<std::string> wrong;  // what is wrong with it, with the number of the entry
};
// `known`: a place of the chain that was kept elsewhere. It must still be in the chain.
awaitable<result<audit_report>> verify_audit(audit_log& log, std::optional<audit_mark> known);

}  // namespace dossier::domain
