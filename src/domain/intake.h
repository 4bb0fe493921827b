// Stores what people submit: a new person with files, or more files for a person. One upload goes like this:
//
//   auto submission = intake.begin({.key = key});
//   co_await submission->add_file("photo.png", part);     // row + reap, then the bytes, hashed on their way
//   auto outcome = co_await submission->commit(draft);    // one transaction; from here it survives anything
//
// To drop a submission without committing it, call abandon() first. If that is impossible (the process was
// killed), its lease ends and the worker erases what it left.
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
  int files_of_person = 1'000;  // from all submissions together
  bool file_required = true;
  milliseconds lease{15'000};  // an upload whose node dies is cleaned up after this long
  milliseconds receipt{7 * std::chrono::hours(24)};  // how long a receipt is valid; 0: there are none
  milliseconds commit_pause{200};  // the wait before a commit whose answer was lost is sent again
};

struct submission_request {
  std::optional<person_id> person;  // whose files these are; empty: a new person
  actor by = {};
  std::string key;              // Idempotency-Key, 1 to 255 visible characters; empty: none
  bool files_optional = false;  // no file is needed, whatever the limits: JSON cannot carry files
  bool owner_is_known = false;  // the caller has found the person with find_owner()
};

struct submission_outcome {
  domain::person person;
  bool repeated = false;  // the key was used before, with the same content: nothing new is stored
  // Set if `repeated` and the person, who is stored, cannot be read now; then `person` has only its id.
  std::optional<base::error> unread = {};
};

class submission {
 public:
  virtual ~submission() = default;

  // Stores one file. Errors: those of the source, unchanged; too_large (a file, or too many of them);
  // conflict with retry_after (another submission with the same key is running); invalid (the file's name);
  // not_found (there is no such person); gone (the key was used for a person who was deleted since);
  // unavailable; no_space. After an error the submission can only be abandoned.
  // If the key was used before, the bytes are only hashed, to compare them with what was stored then.
  virtual awaitable<result<void>> add_file(std::string name, base::byte_source& bytes) = 0;

  // Commits everything together. Call it once. invalid: lists all wrong fields (a detail's name, or
  // file_name), or the key was used for other content. not_found, gone: as above. conflict: the lease ended
  // first, or another submission with the same key is running. `draft` is ignored if files are added to an
  // existing person.
  // A submission that is known to be committed is never reported as an error. After an error with
  // may_have_happened set, it may be stored or not; after any other error, nothing is kept.
  virtual awaitable<result<submission_outcome>> commit(details_draft draft) = 0;

  // Erases what add_file() stored. Does nothing if commit() succeeded.
  virtual awaitable<void> abandon() = 0;
};

class intake {
 public:
  intake(records& people, object_store& objects, lease_keeper& leases, worker& tasks,
         base::random_source& random, intake_limits limits);

  // The submission refers to this intake and must not outlive it.
  std::unique_ptr<submission> begin(submission_request request);

  // Succeeds if the person exists. Ask this before you receive large files. not_found; gone: the key was used
  // for this person, who was deleted since.
  awaitable<result<void>> find_owner(person_id person, std::string key, actor by);

  const intake_limits& limits() const { return limits_; }

  // A receipt for a new person that was just submitted: its secret. Empty: there are none, or it could not be
  // made; the submission is stored all the same.
  awaitable<std::string> make_receipt(person_id person);
  struct shown_receipt {
    person_id number;
    std::optional<person> stored;  // empty: it was changed or deleted since, and is for others to see
    base::time_point ends_at;
  };
  // Empty: there is no such receipt, or it has ended.
  awaitable<result<std::optional<shown_receipt>>> find_receipt(std::string_view secret);

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
