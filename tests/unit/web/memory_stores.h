// The three stores in memory, as far as requests need them: no tasks are kept, no lease ends. The real stores
// have contract tests of their own.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"
#include "fakes/details.h"
#include "fakes/memory_source.h"

namespace dossier::web {

using namespace domain;  // NOLINT: a test's vocabulary
using base::error_code;
using base::fail;

// Keeps nothing.
class no_audit final : public audit_log {
 public:
  awaitable<result<void>> note(actor, audit_action, std::int64_t, std::string) override {
    co_return result<void>();
  }
  awaitable<result<bool>> chain() override { co_return false; }
  awaitable<result<std::vector<audit_entry>>> list(audit_query) override {
    co_return std::vector<audit_entry>();
  }
  awaitable<result<std::vector<audit_entry>>> scan(std::int64_t, int) override {
    co_return std::vector<audit_entry>();
  }
  awaitable<result<audit_state>> state() override { co_return audit_state(); }
  awaitable<result<std::int64_t>> cut(milliseconds) override { co_return 0; }
};

class memory_records final : public records {
 public:
  no_audit log;
  std::map<std::int64_t, person> people;                           // each with all files
  std::map<std::int64_t, std::pair<file, std::string>> uploading;  // with their lease
  std::map<std::string, earlier_submission> used;                  // by "scope/key"
  std::map<std::string, std::string> held;                         // "scope/key" → lease
  std::optional<base::error> failing;                              // every call answers this
  std::optional<base::error> failing_commit;                       // a commit answers this
  std::optional<base::error> failing_look_up;                      // a look-up of a person answers this
  std::optional<people_query> asked;
  int overtaken = 0;  // this many edits find that another one came first

  awaitable<result<std::variant<file_id, earlier_submission>>> begin_file(
      begin_file_request request) override {
    if (failing) co_return std::unexpected(*failing);
    if (request.claim) {
      const auto name = request.claim->scope + '/' + request.claim->key;
      if (used.contains(name)) co_return used.at(name);
      if (held.contains(name) && held[name] != request.lease.value) {
        co_return std::unexpected(
            base::error{error_code::conflict, "In flight.", {}, std::chrono::seconds(3)});
      }
      held[name] = request.lease.value;
    }
    const file_id id{++last_file_};
    file row{.id = id,
             .person = {},
             .key = request.key,
             .name = request.name,
             .media_type = {},
             .created_at = now()};
    uploading.emplace(id.value, std::pair(std::move(row), request.lease.value));
    co_return id;
  }
  awaitable<result<void>> renew_leases(std::vector<lease_token>, milliseconds) override {
    co_return result<void>();
  }
  awaitable<result<std::variant<person, earlier_submission>>> commit_submission(
      commit_request request) override {
    if (failing) co_return std::unexpected(*failing);
    if (failing_commit) co_return std::unexpected(*failing_commit);
    const auto name = request.claim ? request.claim->scope + '/' + request.claim->key : std::string();
    if (used.contains(name)) co_return used.at(name);
    if (request.person && !people.contains(request.person->value)) co_return no_person();
    const person_id id = request.person ? *request.person : person_id{++last_person_};
    person& who = people[id.value];
    if (request.details) {
      who = {.id = id, .details = *request.details, .files = {}, .created_at = now(), .updated_at = now()};
    } else {
      ++who.version;
    }
    for (const auto& stored : request.files) {
      file row = uploading.at(stored.id.value).first;
      uploading.erase(stored.id.value);
      row.person = id;
      row.size = stored.size;
      row.digest = stored.digest;
      row.media_type = stored.media_type;
      who.files.push_back(std::move(row));
    }
    if (request.claim) used[name] = {request.fingerprint, id};
    co_return as_read(who);
  }
  awaitable<result<std::optional<earlier_submission>>> find_submission(idempotency_key key) override {
    if (failing) co_return std::unexpected(*failing);
    const auto found = used.find(key.scope + '/' + key.key);
    if (found == used.end()) co_return std::nullopt;
    co_return found->second;
  }
  awaitable<result<void>> add_receipt(person_id, sha256_digest, milliseconds) override {
    co_return result<void>();
  }
  awaitable<result<std::optional<receipt>>> find_receipt(sha256_digest) override { co_return std::nullopt; }
  awaitable<result<void>> abandon_submission(lease_token lease) override {
    std::erase_if(uploading, [&](const auto& each) { return each.second.second == lease.value; });
    std::erase_if(held, [&](const auto& each) { return each.second == lease.value; });
    co_return result<void>();
  }

  awaitable<result<person>> find_person(person_id id) override {
    if (failing) co_return std::unexpected(*failing);
    if (failing_look_up) co_return std::unexpected(*failing_look_up);
    if (!people.contains(id.value)) co_return no_person();
    co_return as_read(people.at(id.value));
  }
  awaitable<result<files_page>> list_files(files_query query) override {
    if (failing) co_return std::unexpected(*failing);
    if (!people.contains(query.person.value)) co_return no_person();
    auto files = people.at(query.person.value).files;
    if (query.newest_first) std::ranges::reverse(files);
    files_page page;
    for (auto& each : files) {
      if (query.after && (query.newest_first ? each.id >= *query.after : each.id <= *query.after)) continue;
      if (static_cast<int>(page.items.size()) == query.limit) {
        page.next = page.items.back().id;
        break;
      }
      page.items.push_back(std::move(each));
    }
    co_return page;
  }
  awaitable<result<file>> find_file(file_id id) override {
    if (failing) co_return std::unexpected(*failing);
    for (const auto& [number, who] : people) {
      for (const auto& each : who.files) {
        if (each.id == id) co_return each;
      }
    }
    co_return fail(error_code::not_found, "There is no file with this number.");
  }
  // Newest first, without filters: tests look into `asked` to see what the parameters became.
  awaitable<result<people_page>> list_people(people_query query) override {
    if (failing) co_return std::unexpected(*failing);
    asked = query;
    people_page page;
    for (auto each = people.rbegin(); each != people.rend(); ++each) {
      if (query.cursor && each->first >= query.cursor->id) continue;
      if (static_cast<int>(page.items.size()) == query.limit) {
        page.next = people_cursor{.sort = query.sort, .key = {}, .id = page.items.back().id.value};
        break;
      }
      page.items.push_back(as_read(each->second));
    }
    co_return page;
  }
  awaitable<result<bool>> tend_search(bool) override { co_return false; }
  awaitable<result<std::vector<history_entry>>> history(person_id, int) override {
    co_return std::vector<history_entry>();
  }
  awaitable<result<std::vector<std::string>>> recent_values(std::size_t, int) override {
    co_return std::vector<std::string>();
  }
  awaitable<result<person>> update_person(person_id id, details changed, std::optional<std::int64_t> expected,
                                          actor) override {
    if (failing) co_return std::unexpected(*failing);
    if (!people.contains(id.value)) co_return no_person();
    person& who = people[id.value];
    if (overtaken > 0) {
      --overtaken;
      ++who.version;
    }
    if (expected && who.version != *expected) co_return fail(error_code::stale, "It has changed.");
    who.details = std::move(changed);
    ++who.version;
    co_return as_read(who);
  }
  awaitable<result<void>> delete_person(person_id id, std::optional<std::int64_t> expected, actor) override {
    if (failing) co_return std::unexpected(*failing);
    if (!people.contains(id.value)) co_return no_person();
    if (expected && people.at(id.value).version != *expected)
      co_return fail(error_code::stale, "It has changed.");
    people.erase(id.value);
    co_return result<void>();
  }
  awaitable<result<void>> delete_file(file_id id, actor) override {
    for (auto& [number, who] : people) {
      if (std::erase_if(who.files, [&](const file& each) { return each.id == id; }) != 0)
        co_return result<void>();
    }
    co_return fail(error_code::not_found, "There is no file with this number.");
  }

  awaitable<result<std::vector<task>>> lease_tasks(lease_token, int, milliseconds) override {
    co_return std::vector<task>();
  }
  awaitable<result<task>> begin_reap(task) override {
    co_return fail(error_code::conflict, "No tasks here.");
  }
  awaitable<result<void>> complete_tasks(std::vector<finished_task>) override { co_return result<void>(); }
  awaitable<result<void>> retry_task(task, milliseconds) override { co_return result<void>(); }
  awaitable<result<std::optional<milliseconds>>> next_task_due() override { co_return std::nullopt; }
  awaitable<result<task_statistics>> task_stats() override { co_return task_statistics(); }
  awaitable<result<bool>> forget_keys(milliseconds) override { co_return false; }
  awaitable<result<std::vector<file_row>>> scan_files(file_id, int) override {
    co_return std::vector<file_row>();
  }
  awaitable<result<std::optional<file_row>>> find_row(object_key) override { co_return std::nullopt; }
  awaitable<result<std::vector<file_row>>> find_rows(std::vector<object_key> keys) override {
    std::vector<file_row> rows;
    for (const auto& [number, who] : people) {
      for (const auto& each : who.files) {
        if (std::ranges::find(keys, each.key) == keys.end()) continue;
        rows.push_back({.file = each, .state = file_state::stored, .author = who.details.name(), .owed = {}});
      }
    }
    co_return rows;
  }
  awaitable<result<void>> adopt_orphan(object_key) override { co_return result<void>(); }
  awaitable<result<void>> owe_tasks(std::vector<file_id>) override { co_return result<void>(); }
  awaitable<result<records_identity>> identity() override { co_return records_identity{}; }
  account_store& accounts() override { throw std::logic_error("nobody signs in here"); }
  audit_log& audit() override { return log; }
  awaitable<result<void>> check() override { co_return result<void>(); }

 private:
  // With at most as many files as the records return with a person.
  static person as_read(person who) {
    auto files = std::exchange(who.files, {});
    who.file_count = static_cast<std::int64_t>(files.size());
    for (auto& each : files) take_file(who, std::move(each));
    return who;
  }
  static std::unexpected<base::error> no_person() {
    return fail(error_code::not_found, "There is no person with this number.");
  }
  static time_point now() { return time_point(std::chrono::milliseconds(1'767'225'600'123)); }

  std::int64_t last_person_ = 0;
  std::int64_t last_file_ = 0;
};

class memory_objects final : public object_store {
 public:
  std::map<std::string, std::string> objects;
  std::string links_at = {};  // what every link starts with; empty: none is given

  awaitable<result<void>> put(object_key key, base::byte_source& bytes) override {
    auto all = co_await fakes::read_all(bytes);
    if (!all) co_return base::pass(all);
    objects[key.value] = std::move(*all);
    co_return result<void>();
  }
  awaitable<result<std::unique_ptr<base::byte_source>>> open(object_key key, std::uint64_t offset,
                                                             std::uint64_t length) override {
    if (!objects.contains(key.value)) co_return fail(error_code::not_found, "The bytes are gone.");
    co_return std::make_unique<fakes::memory_source>(objects.at(key.value).substr(offset, length));
  }
  awaitable<result<std::optional<std::string>>> link(object_key key, link_headers shown) override {
    if (links_at.empty()) co_return std::nullopt;
    co_return links_at + key.value + " as " + shown.content_type + ", " + shown.content_disposition;
  }
  awaitable<result<void>> erase(object_key key) override {
    objects.erase(key.value);
    co_return result<void>();
  }
  awaitable<result<std::optional<std::uint64_t>>> stat(object_key key) override {
    if (!objects.contains(key.value)) co_return std::nullopt;
    co_return objects.at(key.value).size();
  }
  awaitable<result<std::vector<object_entry>>> list(object_key, int) override {
    co_return std::vector<object_entry>();
  }
  awaitable<result<object_remains>> remains(int) override { co_return object_remains(); }
  awaitable<result<std::optional<records_identity>>> owner() override { co_return std::nullopt; }
  awaitable<result<records_identity>> claim(records_identity who) override { co_return who; }
  awaitable<result<void>> give(records_identity) override { co_return result<void>(); }
  awaitable<result<void>> check() override { co_return result<void>(); }
};

class memory_catalog final : public catalog {
 public:
  std::vector<catalog_item> items;

  awaitable<result<void>> put(catalog_item item) override {
    items.push_back(std::move(item));
    co_return result<void>();
  }
  awaitable<result<void>> erase(object_key) override { co_return result<void>(); }
  awaitable<result<void>> put_all(std::vector<catalog_item> all) override {
    for (auto& one : all) co_await put(std::move(one));
    co_return result<void>();
  }
  awaitable<result<catalog_page>> by_author(std::string author, std::string from, int limit) override {
    catalog_page page;
    for (const auto& each : items) {
      if (each.author != author || each.key.value <= from) continue;
      if (static_cast<int>(page.items.size()) == limit) {
        page.next = page.items.back().key.value;
        break;
      }
      page.items.push_back(each);
    }
    co_return page;
  }
  awaitable<result<std::optional<catalog_item>>> find(object_key key) override {
    const auto found = std::ranges::find(items, key, &catalog_item::key);
    co_return found == items.end() ? std::nullopt : std::optional(*found);
  }
  awaitable<result<catalog_page>> scan(std::string, int) override { co_return catalog_page(); }
  awaitable<result<std::optional<records_identity>>> owner() override { co_return std::nullopt; }
  awaitable<result<records_identity>> claim(records_identity who) override { co_return who; }
  awaitable<result<void>> give(records_identity) override { co_return result<void>(); }
  awaitable<result<void>> check() override { co_return result<void>(); }
};

}  // namespace dossier::web
