// Submissions: a row is written for each file before its bytes; later one transaction commits everything.
#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/expects.h"
#include "stores/sql/leases.h"
#include "stores/sql/rows.h"
#include "stores/sql/search/search_index.h"
#include "stores/sql/sql_records.h"

namespace dossier::stores::sql {
namespace {

using domain::commit_request;
using domain::earlier_submission;
using domain::file_id;
using domain::file_state;
using domain::person_id;
using domain::task_kind;
using begun = result<std::variant<file_id, earlier_submission>>;
using committed = result<std::variant<domain::person, earlier_submission>>;

base::error lease_has_ended() {
  return {base::error_code::conflict, "The upload took too long and was given up. Send it again."};
}

file_id insert_uploading(connection& on, const domain::begin_file_request& request) {
  execute(on,
          "INSERT INTO file (object_key, state, name, size, media_type, lease_token, lease_ends, created_at) "
          "VALUES (?, :uploading, ?, 0, '', ?, now_ms() + ?, now_ms())",
          request.key, request.name, request.lease, request.lease_for);
  const file_id id{on.last_insert_id()};
  owe_reap(on, id);
  return id;
}

begun begin(connection& on, const domain::begin_file_request& request) {
  if (request.claim) {
    auto claimed = claim_key(on, *request.claim, request.lease, request.lease_for);
    if (!claimed) return base::pass(claimed);
    if (auto* earlier = std::get_if<used_key>(&*claimed)) return earlier->submission;
  }
  return insert_uploading(on, request);
}

// In both dialects, inserting a null id gives the row the next id. The row is pending
// (search/search_index.h), like every new row.
person_id insert_person(connection& on, const commit_request& request) {
  base::expects(request.details.has_value(), "a new person has details");
  const auto& details = *request.details;
  const auto files = request.files.size();
  const auto text = search_text_of(details);
  static const std::string sql = [] {
    std::string columns = "id";
    std::string values = "?";
    const auto add = [&](std::string_view column) {
      columns.append(", ").append(column);
      values += ", ?";
    };
    for (const auto& field : domain::detail_fields()) add(field.name);
    for (const auto i : text_details()) add(folded_column(i));
    for (const auto* column : {"words", "file_count", "has_files"}) add(column);
    return "INSERT INTO person (" + columns + ", version, created_at, updated_at) VALUES (" + values +
           ", 1, now_ms(), now_ms())";
  }();
  query insert(on, sql);
  insert.add(request.new_id);
  add_details(insert, details);
  for (const auto& folded : text.folded) insert.add(folded);
  insert.add(text.joined).add(files).add(files > 0);
  insert.next();
  const person_id id = request.new_id.value_or(person_id{on.last_insert_id()});
  add_former_words(on, id, text.words);
  return id;
}

// Locks the person and answers how many files they have; empty when there is no such person.
std::optional<std::int64_t> lock_person(connection& on, person_id id) {
  query row(on, "SELECT file_count FROM person WHERE id = ? /*lock*/", id);
  if (!row.next()) return std::nullopt;
  return row.integer(0);
}

base::error too_many_files(std::int64_t has, int most) {
  const auto left = std::max<std::int64_t>(most - has, 0);
  return {base::error_code::invalid,
          fmt::format("A person has at most {} files.", most),
          {{"file_name",
            has == 0   ? fmt::format("Choose {} files or fewer", most)
            : left > 0 ? fmt::format("There are {} files already: choose {} or fewer, or remove some first",
                                     has, left)
                       : fmt::format("There are {} files already: remove some first", has)}}};
}

// Answers whether the lease still held the file, so that it was committed.
bool store_file(connection& on, const commit_request& request, person_id owner,
                const domain::stored_file& one) {
  const auto met =
      execute(on,
              "UPDATE file SET state = :stored, person_id = ?, size = ?, media_type = ?, sha256 = ?, "
              "created_at = now_ms() WHERE id = ? AND state = :uploading AND lease_token = ? "
              "AND lease_ends > now_ms()",
              owner, one.size, one.media_type, one.digest, one.id, request.lease);
  if (met == 1) owe(on, one.id, task_kind::index);
  return met == 1;
}

std::string count_of_files(std::size_t count) {
  return count == 1 ? "1 file" : fmt::format("{} files", count);
}

result<person_id> keep(connection& on, const commit_request& request) {
  const auto count = request.files.size();
  if (!request.person && !request.details) {
    return base::fail(base::error_code::internal, "A submission without details.");
  }
  std::int64_t has = 0;
  if (request.person) {
    const auto files = lock_person(on, *request.person);
    if (!files) return std::unexpected(no_such_person());
    has = *files;
  }
  if (request.new_id && lock_person(on, *request.new_id)) {
    return base::fail(base::error_code::conflict, "Somebody has this number already.");
  }
  if (count > 0 && has + static_cast<std::int64_t>(count) > request.most_files) {
    return std::unexpected(too_many_files(has, request.most_files));
  }
  const auto owner = request.person ? *request.person : insert_person(on, request);
  for (const auto& one : request.files) {
    if (!store_file(on, request, owner, one)) return std::unexpected(lease_has_ended());
  }
  if (!request.person) {
    const auto files = count == 0 ? std::string() : count_of_files(count);
    remember(on, owner, "created", files, request.by);
    note(on, request.by, domain::audit_action::person_created, owner.value, files);
  } else if (count > 0) {
    change_file_count(on, owner, static_cast<int>(count));
    remember(on, owner, "files_added", count_of_files(count), request.by);
    note(on, request.by, domain::audit_action::files_added, owner.value, count_of_files(count));
  }
  return owner;
}

// The key of a commit that has neither a key nor files. If the commit is repeated, it finds its first answer
// by this key.
domain::idempotency_key own_key(const domain::lease_token& lease) {
  return {.scope = "", .key = lease.value};
}

committed commit(connection& on, const commit_request& request) {
  auto key = request.claim;
  if (!key && request.files.empty()) key = own_key(request.lease);
  if (key) {
    auto claimed = claim_key(on, *key, request.lease, request.lease_for);
    if (!claimed) return base::pass(claimed);
    if (auto* used = std::get_if<used_key>(&*claimed)) {
      if (!used->by_this_lease) return used->submission;
      // The person may have been deleted since; then the earlier submission is the answer. The person is
      // locked, because reading the person may take two statements.
      lock_person(on, used->submission.person);
      auto who = load_person(on, used->submission.person);
      return who ? committed(std::move(*who)) : used->submission;
    }
  }
  auto owner = keep(on, request);
  if (!owner) return base::pass(owner);
  if (key) use_key(on, *key, *owner, request.fingerprint);
  // The person is read within the transaction. After it, the person could have another caller's change; and
  // if that read failed, the answer would be an error although the commit was done.
  return load_person(on, *owner);
}

// The person, if the files were committed with this lease; otherwise empty. The files are committed all at
// once or not at all, so it is enough to look at one of them.
result<std::optional<domain::person>> find_committed(connection& on, const commit_request& request) {
  base::expects(!request.files.empty(), "a commit is found by its files");
  query row(on, "SELECT person_id FROM file WHERE id = ? AND state = ? AND lease_token = ?",
            request.files.front().id, static_cast<int>(file_state::stored), request.lease);
  if (!row.next()) return std::nullopt;
  return load_person(on, {row.integer(0)});
}

result<std::optional<earlier_submission>> find_used(connection& on, const domain::idempotency_key& key) {
  query row(on,
            "SELECT fingerprint, person_id FROM idempotency_key "
            "WHERE scope = ? AND name = ? AND person_id IS NOT NULL",
            key.scope, key.key);
  if (!row.next()) return std::nullopt;
  return earlier_submission{.fingerprint = row.digest(0), .person = {row.integer(1)}};
}

std::vector<file_id> uploading_files(connection& on, const domain::lease_token& lease) {
  std::vector<file_id> files;
  query rows(on, "SELECT id FROM file WHERE lease_token = ? AND state = :uploading /*lock*/", lease);
  while (rows.next()) files.push_back({rows.integer(0)});
  return files;
}

}  // namespace

awaitable<begun> sql_records::begin_file(domain::begin_file_request request) {
  base::expects(!request.lease.value.empty() && request.lease_for > std::chrono::milliseconds(0),
                "an upload has a lease that lasts for some time");
  base::expects(!request.key.value.empty(), "an object has a key");
  return driver_->write(
      {"begin_file", {}, purpose::add},
      [request = std::move(request)](connection& on) -> begun { return begin(on, request); });
}

awaitable<result<void>> sql_records::renew_leases(std::vector<domain::lease_token> leases,
                                                  std::chrono::milliseconds lease_for) {
  base::expects(lease_for > std::chrono::milliseconds(0), "a lease is extended by some time");
  result<void> all;
  for (std::span left(leases); !left.empty();) {
    const auto some = left.first(std::min(left.size(), most_leases_at_once));
    auto extended =
        co_await driver_->write("renew_leases", [some, lease_for](connection& on) -> result<void> {
          extend_leases(on, some, lease_for);
          return {};
        });
    // An error with these leases need not affect the others.
    if (!extended) all = std::move(extended);
    left = left.subspan(some.size());
  }
  co_return all;
}

awaitable<committed> sql_records::commit_submission(commit_request request) {
  base::expects(!request.lease.value.empty(), "a submission has a lease");
  base::expects(!request.new_id || (!request.person && request.new_id->value > 0),
                "only a new person gets a chosen number, from 1 on");
  base::expects(request.most_files > 0, "a person may have a file");
  const auto row = request.person ? contended_row::person(request.person->value) : contended_row();
  auto answer = co_await driver_->write(
      // Files were accepted when they began, so their commit is not refused because of too little room.
      {"commit_submission", row, request.files.empty() ? purpose::add : purpose::settle},
      [&request](connection& on) -> committed { return commit(on, request); });
  const bool refused = !answer && answer.error().code == base::error_code::conflict;
  if (!refused || request.files.empty()) co_return answer;
  // It may have been committed before, and the answer was lost. That is rare, so it is checked only now.
  auto earlier = co_await driver_->read("find_committed",
                                        [&request](connection& on) { return find_committed(on, request); });
  if (!earlier) co_return base::pass(earlier);
  if (*earlier) co_return std::move(**earlier);
  co_return answer;
}

awaitable<result<std::optional<earlier_submission>>> sql_records::find_submission(
    domain::idempotency_key key) {
  return driver_->read("find_submission",
                       [key = std::move(key)](connection& on) { return find_used(on, key); });
}

awaitable<result<void>> sql_records::add_receipt(person_id person, domain::sha256_digest secret,
                                                 std::chrono::milliseconds valid_for) {
  base::expects(valid_for > std::chrono::milliseconds(0), "a receipt is valid for some time");
  return driver_->write(
      {"add_receipt", {}, purpose::add}, [person, secret, valid_for](connection& on) -> result<void> {
        const auto met = execute(on, "UPDATE receipt SET secret = ? WHERE person_id = ?", secret, person);
        if (met == 0)
          execute(on, "INSERT INTO receipt (person_id, secret, ends_at) VALUES (?, ?, now_ms() + ?)", person,
                  secret, valid_for);
        return {};
      });
}

awaitable<result<std::optional<domain::receipt>>> sql_records::find_receipt(domain::sha256_digest secret) {
  return driver_->read("find_receipt", [secret](connection& on) -> result<std::optional<domain::receipt>> {
    query row(
        on,
        "SELECT r.person_id, r.ends_at, p.version FROM receipt r LEFT JOIN person p ON p.id = r.person_id "
        "WHERE r.secret = ? AND r.ends_at > now_ms()",
        secret);
    if (!row.next()) return std::nullopt;
    return domain::receipt{.person = {row.integer(0)},
                           .unchanged = !row.is_null(2) && row.integer(2) == domain::first_version,
                           .ends_at = row.time(1)};
  });
}

awaitable<result<void>> sql_records::abandon_submission(domain::lease_token lease) {
  base::expects(!lease.value.empty(), "a submission has a lease");
  return driver_->write("abandon_submission", [lease = std::move(lease)](connection& on) -> result<void> {
    for (const auto id : uploading_files(on, lease)) {
      execute(on, "UPDATE file SET state = :deleting WHERE id = ?", id);
      // Erased twice, because the answer to a put may have been lost, and its bytes may arrive late.
      owe(on, id, task_kind::erase, true);
    }
    drop_claims(on, lease);
    return {};
  });
}

}  // namespace dossier::stores::sql
