// Submitting: a person with files, or more files for a person. Follow one upload from here.
//
//   auto submission = intake.begin({.key = key});
//   co_await submission->add_file("photo.png", part);     // row + reap, then the bytes, hashed on their way
//   auto outcome = co_await submission->commit(draft);    // one transaction; from here it survives anything
//
// To drop a submission without committing it, call abandon() first. When nobody can (the process was killed),
// its lease ends and the worker reaps what it left.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/byte_source.h"
#include "base/random.h"
#include "base/result.h"
#include "domain/object_store.h"
#include "domain/records.h"
#include "domain/validation.h"
#include "domain/values.h"

namespace dossier::domain {

class lease_keeper;
class worker;

struct intake_limits {
  std::uint64_t file_bytes = 5ULL << 30;
  int files = 20;               // in one submission
  int files_of_person = 1'000;  // with all submissions together
  bool file_required = true;
  milliseconds lease{15'000};      // an upload whose node dies is cleaned up after this long
  milliseconds commit_pause{200};  // before a commit whose answer was lost is sent again
};

struct submission_request {
  std::optional<person_id> person;  // whose files these are; empty: a new person
  std::string key;                  // Idempotency-Key, 1 to 255 visible characters; empty: none
  bool files_optional = false;      // whatever the limits say: it came as JSON, which cannot carry files
  bool owner_is_known = false;      // find_owner() has found the person
};

struct submission_outcome {
  domain::person person;
  bool repeated = false;  // the key had been used before, with the same content: the first answer again
  // Set when `repeated`, and the person exists but cannot be read now: then `person` has only its id.
  std::optional<base::error> unread = {};
};

class submission {
 public:
  virtual ~submission() = default;

  // Stores one file. Errors: those of the source as they are; too_large (a file, or too many of them);
  // conflict with retry_after (a submission with the same key is going on); invalid (the file's name);
  // not_found: no such person; gone: the key was used for a person who was deleted; unavailable; no_space.
  // After an error the submission can only be abandoned.
  // With a key that was used before, the bytes are only hashed, to compare them with what was stored then.
  virtual awaitable<result<void>> add_file(std::string name, base::byte_source& bytes) = 0;

  // Commits all of it, once. invalid: every wrong field at once (the details' names, file_name), or the key
  // was used for something else; not_found, gone: as above; conflict: it took longer than its lease. For
  // files for an existing person, `draft` is ignored.
  // Once it is committed, nothing turns that into an error. After an error that says may_have_happened,
  // nobody can know; after any other, nothing is kept.
  virtual awaitable<result<submission_outcome>> commit(details_draft draft) = 0;

  // Erases what add_file() stored. Does nothing after commit() succeeded.
  virtual awaitable<void> abandon() = 0;
};

class intake {
 public:
  intake(records& people, object_store& objects, lease_keeper& leases, worker& tasks,
         base::random_source& random, intake_limits limits);

  // The submission refers to this intake and must not outlive it.
  std::unique_ptr<submission> begin(submission_request request);

  // Succeeds when there is such a person to add files to: asked before gigabytes are received for nobody.
  // not_found; gone: the key was used for this person, who was deleted since.
  awaitable<result<void>> find_owner(person_id person, std::string key);

  const intake_limits& limits() const { return limits_; }

 private:
  friend class intake_submission;
  records& records_;
  object_store& objects_;
  lease_keeper& leases_;
  worker& worker_;
  base::random_source& random_;
  intake_limits limits_;
};

}  // namespace dossier::domain
