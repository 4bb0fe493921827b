#include "domain/intake.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/waiting.h"
#include "domain/hashing.h"
#include "domain/lease_keeper.h"
#include "domain/worker.h"

namespace dossier::domain {
namespace {

using base::error;
using base::error_code;

// How many times a commit is sent, at most, if its answer is lost.
constexpr int commit_tries = 3;

error field_problem(std::string field, std::string message) {
  return {error_code::invalid, "Some details need another look.", {{std::move(field), std::move(message)}}};
}

error may_be_stored(bool without_key) {
  return {.code = error_code::unavailable,
          .message =
              without_key
                  ? "It may be stored: the answer of the records was lost. Look whether it is there before "
                    "you send it again. (Sent with an Idempotency-Key, it could be sent again safely.)"
                  : "It may be stored: the answer of the records was lost. Send it again with the same "
                    "key; it is stored once.",
          .may_have_happened = true};
}

std::string scope_of(const std::optional<person_id>& person, const actor& by) {
  auto scope = person ? fmt::format("people/{}/files", person->value) : std::string("people");
  if (by.account.value != 0) scope += fmt::format(" of account {}", by.account.value);
  return scope;
}

error deleted_since(std::string_view key, bool files, person_id person) {
  return {error_code::gone,
          fmt::format(
              "The key {} was used before, for {}record no. {}, which has been deleted since. Nothing was "
              "stored now. To store this anew, send it with a new key.",
              key, files ? "files of " : "", person.value)};
}

struct submitted_file {
  std::string name;
  sha256_digest digest;
};

}  // namespace

class intake_submission final : public submission {
 public:
  intake_submission(intake& owner, submission_request request)
      : intake_(owner), request_(std::move(request)), lease_{owner.random_.token()} {}

  // If abandon() was not called (after an exception), the lease is no longer renewed, and ends.
  ~intake_submission() override { intake_.leases_.remove(lease_); }

  awaitable<result<void>> add_file(std::string name, base::byte_source& bytes) override;
  awaitable<result<submission_outcome>> commit(details_draft draft) override;
  awaitable<void> abandon() override;

 private:
  awaitable<result<void>> store_file(std::string name, hashing_source& bytes);
  awaitable<result<void>> compare_file(hashing_source& bytes);
  awaitable<result<void>> find_owner();
  awaitable<result<std::variant<person, earlier_submission>>> commit_until_known(commit_request request);
  awaitable<result<submission_outcome>> answer_again();
  result<std::optional<details>> check(const details_draft& draft) const;
  sha256_digest fingerprint_of(const std::optional<details>& what) const;
  std::optional<idempotency_key> claim() const;

  intake& intake_;
  submission_request request_;
  lease_token lease_;
  std::vector<submitted_file> submitted_;
  std::vector<stored_file> stored_;
  std::vector<object_key> put_;                // written, whole or in part
  std::optional<earlier_submission> earlier_;  // the key was used before: nothing is stored, only compared
  bool begun_ = false;                         // rows may exist under this lease
  bool committed_ = false;
};

intake::intake(records& people, object_store& objects, lease_keeper& leases, worker& tasks,
               base::random_source& random, intake_limits limits)
    : records_(people), objects_(objects), leases_(leases), worker_(tasks), random_(random), limits_(limits) {
  base::expects(limits_.files > 0 && limits_.file_bytes > 0 && limits_.files_of_person > 0,
                "a submission may have a file, and the file a byte");
  base::expects(limits_.lease > milliseconds(0), "an upload has a lease");
}

std::unique_ptr<submission> intake::begin(submission_request request) {
  return std::make_unique<intake_submission>(*this, std::move(request));
}

awaitable<result<void>> intake::find_owner(person_id person, std::string key, actor by) {
  auto found = co_await records_.find_person(person);
  if (found) co_return result<void>();
  if (found.error().code != error_code::not_found || key.empty()) co_return base::pass(found);
  auto earlier = co_await records_.find_submission({scope_of(person, by), key});
  if (!earlier) co_return base::pass(earlier);
  if (*earlier) co_return std::unexpected(deleted_since(key, true, person));
  co_return base::pass(found);
}

awaitable<std::string> intake::make_receipt(person_id person) {
  if (limits_.receipt == milliseconds(0)) co_return std::string();
  auto secret = random_.token() + random_.token();
  const auto added = co_await records_.add_receipt(person, base::sha256_of(secret), limits_.receipt);
  if (added) co_return secret;
  base::log_warning("receipt not made", {{"person", person.value}, {"reason", added.error().message}});
  co_return std::string();
}

// The people here may have changed the record since, and added what is not for whoever submitted it.
awaitable<result<std::optional<intake::shown_receipt>>> intake::find_receipt(std::string_view secret) {
  auto found = co_await records_.find_receipt(base::sha256_of(secret));
  if (!found) co_return base::pass(found);
  if (!*found) co_return std::nullopt;
  shown_receipt shown{.number = (*found)->person, .stored = {}, .ends_at = (*found)->ends_at};
  if ((*found)->unchanged) {
    auto who = co_await records_.find_person(shown.number);
    if (!who && who.error().code != error_code::not_found) co_return base::pass(who);
    // It may have been changed between the two reads.
    if (who && who->version == first_version) shown.stored = std::move(*who);
  }
  co_return shown;
}

awaitable<result<void>> intake_submission::add_file(std::string name, base::byte_source& bytes) {
  base::expects(!committed_, "no file comes after the commit");
  if (static_cast<int>(submitted_.size()) >= intake_.limits_.files) {
    co_return std::unexpected(
        error{error_code::too_large,
              "There are too many files.",
              {{"file_name", fmt::format("Choose {} files or fewer", intake_.limits_.files)}}});
  }
  auto clean = clean_file_name(name);
  if (!clean) co_return base::pass(clean);
  // Checked before large files are received for a person who does not exist.
  if (auto owner = co_await find_owner(); !owner) co_return owner;
  hashing_source hashed(bytes, intake_.limits_.file_bytes);
  auto kept = earlier_ ? co_await compare_file(hashed) : co_await store_file(*clean, hashed);
  if (!kept) {
    // If a row or an object was written after all, it belongs to no person, and the worker erases it.
    kept.error().may_have_happened = false;
    co_return kept;
  }
  const sha256_digest digest = hashed.digest();
  submitted_.push_back({std::move(*clean), digest});
  if (!earlier_) {
    stored_.back().size = hashed.size();
    stored_.back().digest = digest;
    stored_.back().media_type = hashed.media_type();
  }
  co_return result<void>();
}

// Inserts the row and the `reap` task before the bytes are written, so that the records know of the bytes.
awaitable<result<void>> intake_submission::store_file(std::string name, hashing_source& bytes) {
  base::expects(!earlier_, "a file is stored only when its key was not used before");
  const object_key key{intake_.random_.token()};
  intake_.leases_.add(lease_);
  begun_ = true;
  auto begun = co_await intake_.records_.begin_file({.lease = lease_,
                                                     .lease_for = intake_.limits_.lease,
                                                     .key = key,
                                                     .name = std::move(name),
                                                     .claim = claim()});
  if (!begun) co_return base::pass(begun);
  if (auto* earlier = std::get_if<earlier_submission>(&*begun)) {
    earlier_ = *earlier;
    co_return co_await compare_file(bytes);
  }
  put_.push_back(key);
  auto put = co_await intake_.objects_.put(key, bytes);
  if (!put) co_return put;
  stored_.push_back({.id = std::get<file_id>(*begun), .size = 0, .digest = {}, .media_type = {}});
  co_return result<void>();
}

awaitable<result<void>> intake_submission::compare_file(hashing_source& bytes) {
  for (;;) {
    auto view = co_await bytes.next();
    if (!view) co_return base::pass(view);
    if (view->empty()) co_return result<void>();
  }
}

awaitable<result<submission_outcome>> intake_submission::commit(details_draft draft) {
  base::expects(!committed_, "a submission is committed once");
  if (auto owner = co_await find_owner(); !owner) co_return base::pass(owner);
  auto checked = check(draft);
  if (!checked) co_return base::pass(checked);
  const sha256_digest fingerprint = fingerprint_of(*checked);
  if (!earlier_) {
    base::expects(stored_.size() == submitted_.size(), "every file that was sent is stored");
    auto committed = co_await commit_until_known({.lease = lease_,
                                                  .lease_for = intake_.limits_.lease,
                                                  .person = request_.person,
                                                  .details = std::move(*checked),
                                                  .files = stored_,
                                                  .claim = claim(),
                                                  .fingerprint = fingerprint,
                                                  .most_files = intake_.limits_.files_of_person,
                                                  .by = request_.by});
    if (!committed) co_return base::pass(committed);
    if (auto* who = std::get_if<person>(&*committed)) {
      committed_ = true;
      intake_.leases_.remove(lease_);
      intake_.worker_.wake();
      co_return submission_outcome{.person = std::move(*who)};
    }
    earlier_ = std::get<earlier_submission>(*committed);
  }
  if (earlier_->fingerprint != fingerprint) {
    co_return std::unexpected(
        field_problem("idempotency_key", "This key was used for other content; send a new one with this"));
  }
  co_return co_await answer_again();
}

awaitable<void> intake_submission::abandon() {
  if (!begun_ || committed_) co_return;
  intake_.leases_.remove(lease_);
  const auto abandoned = co_await intake_.records_.abandon_submission(lease_);
  // If this fails, nothing is lost: the lease ends by itself, and the worker cleans up.
  if (!abandoned) base::log_warning("upload not given up", {{"reason", abandoned.error().message}});
  // If this node stood still until its lease had ended and the upload was cleaned up, it may have written
  // bytes after that, which no row names any more.
  for (const auto& key : put_) {
    const auto adopted = co_await intake_.records_.adopt_orphan(key);
    if (adopted) continue;
    base::log_warning("bytes of an upload that was given up may stay; dossier doctor finds them",
                      {{"object", key.value}, {"reason", adopted.error().message}});
  }
  intake_.worker_.wake();
}

awaitable<result<void>> intake_submission::find_owner() {
  if (!request_.person || request_.owner_is_known) co_return result<void>();
  auto found = co_await intake_.find_owner(*request_.person, request_.key, request_.by);
  request_.owner_is_known = found.has_value();
  co_return found;
}

// If the answer was lost, the commit may have happened. Sending it again then returns the same person, so it
// is sent a few times.
awaitable<result<std::variant<person, earlier_submission>>> intake_submission::commit_until_known(
    commit_request request) {
  bool may_have_happened = false;
  for (int attempt = 1;; ++attempt) {
    auto committed = co_await intake_.records_.commit_submission(request);
    if (committed) co_return committed;
    may_have_happened |= committed.error().may_have_happened;
    if (committed.error().code != error_code::unavailable || attempt == commit_tries) {
      if (may_have_happened) co_return std::unexpected(may_be_stored(request_.key.empty()));
      co_return committed;
    }
    base::sleeper pause;
    co_await pause.sleep(intake_.limits_.commit_pause);
  }
}

// For a key that was used before with the same content: returns that person as they are now.
awaitable<result<submission_outcome>> intake_submission::answer_again() {
  base::expects(earlier_.has_value(), "what is answered again was submitted earlier");
  auto found = co_await intake_.records_.find_person(earlier_->person);
  if (found) co_return submission_outcome{.person = std::move(*found), .repeated = true};
  if (found.error().code == error_code::not_found)
    co_return std::unexpected(deleted_since(request_.key, request_.person.has_value(), earlier_->person));
  submission_outcome stored{.person = {}, .repeated = true, .unread = std::move(found.error())};
  stored.person.id = earlier_->person;
  co_return stored;
}

// Returns the details of a new person (empty if only files are added), or all errors together.
result<std::optional<details>> intake_submission::check(const details_draft& draft) const {
  error errors{error_code::invalid, "Some details need another look."};
  std::optional<details> checked;
  if (!request_.person) {
    auto valid = validate(draft);
    if (valid) {
      checked = std::move(*valid);
    } else {
      errors = std::move(valid.error());
    }
  }
  const bool required = intake_.limits_.file_required && !request_.files_optional;
  if (submitted_.empty() && (request_.person || required)) {
    errors.fields.push_back({"file_name", "Choose a file"});
  }
  if (!errors.fields.empty()) return std::unexpected(std::move(errors));
  return checked;
}

sha256_digest intake_submission::fingerprint_of(const std::optional<details>& what) const {
  fingerprint all;
  if (what) all.add(*what);
  for (const auto& one : submitted_) all.add_file(one.name, one.digest);
  return all.finish();
}

std::optional<idempotency_key> intake_submission::claim() const {
  const auto scope = scope_of(request_.person, request_.by);
  if (!request_.key.empty()) return idempotency_key{scope, request_.key};
  // Without files, only a claim shows whether a commit is a new one or was sent again.
  if (stored_.empty() && !begun_) return idempotency_key{"lease", lease_.value};
  return std::nullopt;
}

}  // namespace dossier::domain
