// What the records suites share: a fresh store, and submissions in one line.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/backends.h"
#include "fakes/details.h"
#include "fakes/run.h"

namespace dossier::contract {

using base::error_code;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

inline constexpr milliseconds lease_time = 15s;

class records_contract : public testing::TestWithParam<backend_factory<domain::records>> {
 protected:
  records_contract() : backend_(GetParam().make()) {}

  domain::records& store() { return backend_->store(); }
  void let_pass(milliseconds time) { backend_->let_pass(time); }

  template <class T>
  T run(awaitable<T> work) {
    return fakes::run_sync(std::move(work));
  }
  // The value; the test fails when there is none.
  template <class T>
  T must(awaitable<base::result<T>> work) {
    auto answer = run(std::move(work));
    if (!answer) {
      ADD_FAILURE() << answer.error().message;
      throw std::runtime_error(answer.error().message);
    }
    if constexpr (!std::is_void_v<T>) return std::move(*answer);
  }
  template <class T>
  error_code code_of(awaitable<base::result<T>> work) {
    auto answer = run(std::move(work));
    if (!answer) return answer.error().code;
    ADD_FAILURE() << "this should have failed";
    return error_code::internal;
  }

  domain::lease_token new_lease() { return {"lease-" + std::to_string(++counter_)}; }
  domain::object_key new_key() {
    auto digits = std::to_string(++counter_);
    return {std::string(32 - digits.size(), '0') + digits};
  }
  static domain::details somebody(std::string name = "Anna Berg", std::string location = "Berlin",
                                  int age = 30, std::string technology = "C++") {
    return fakes::known{std::move(name), std::move(location), age, std::move(technology)};
  }
  static domain::sha256_digest digest(std::string_view text) { return base::sha256_of(text); }

  domain::begin_file_request begin_request(const domain::lease_token& lease, std::string name = "photo.png") {
    return {.lease = lease, .lease_for = lease_time, .key = new_key(), .name = std::move(name), .claim = {}};
  }
  domain::file_id begin_file(const domain::lease_token& lease, std::string name = "photo.png") {
    return std::get<domain::file_id>(must(store().begin_file(begin_request(lease, std::move(name)))));
  }
  static domain::stored_file stored(domain::file_id id) {
    return {.id = id, .size = 4, .digest = digest("body"), .media_type = "image/png"};
  }
  static domain::commit_request commit_request(const domain::lease_token& lease, domain::details details,
                                               const std::vector<domain::file_id>& files = {}) {
    domain::commit_request request;
    request.lease = lease;
    request.lease_for = lease_time;
    request.details = std::move(details);
    for (const auto id : files) request.files.push_back(stored(id));
    request.fingerprint = digest("everything");
    return request;
  }
  // The same with an Idempotency-Key.
  domain::begin_file_request claiming(const domain::lease_token& lease, std::string key) {
    auto request = begin_request(lease);
    request.claim = {.scope = "people", .key = std::move(key)};
    return request;
  }
  domain::commit_request committing(const domain::lease_token& lease, std::string key,
                                    const std::vector<domain::file_id>& files = {}) {
    auto request = commit_request(lease, somebody(), files);
    request.claim = {.scope = "people", .key = std::move(key)};
    return request;
  }
  domain::person_id commit(const domain::commit_request& request) {
    return std::get<domain::person>(must(store().commit_submission(request))).id;
  }
  // Adds a person with so many files.
  domain::person_id add(domain::details details, int files = 0) {
    const auto lease = new_lease();
    std::vector<domain::file_id> ids;
    for (int i = 0; i < files; ++i) ids.push_back(begin_file(lease, "file" + std::to_string(i) + ".png"));
    return commit(commit_request(lease, std::move(details), ids));
  }
  domain::person find(domain::person_id id) { return must(store().find_person(id)); }

  // Does all due tasks, as a worker would that never fails. Answers how many there were.
  int do_due_tasks() {
    int count = 0;
    while (true) {
      auto leased = must(store().lease_tasks(new_lease(), 64, 60s));
      if (leased.empty()) return count;
      for (auto& one : leased) {
        ++count;
        if (one.kind == domain::task_kind::reap) one = must(store().begin_reap(one));
        std::optional<milliseconds> again;
        if (one.erase_again) again = 30s;
        must(store().complete_tasks({{one, again}}));
      }
    }
  }
  std::vector<domain::task> lease_all(milliseconds time = 60s) {
    return must(store().lease_tasks(new_lease(), 1000, time));
  }
  std::optional<domain::file_row> row(const domain::object_key& key) { return must(store().find_row(key)); }
  domain::file_row row(domain::file_id id) {
    for (auto& one : must(store().scan_files({id.value - 1}, 1))) {
      if (one.file.id == id) return one;
    }
    throw std::runtime_error("there is no such row");
  }

 private:
  std::unique_ptr<backend<domain::records>> backend_;
  int counter_ = 0;
};

}  // namespace dossier::contract
