// A records store that goes wrong as its fault_plan says; all else goes to the real one.
#pragma once

#include <utility>

#include "domain/records.h"
#include "fakes/faults.h"

namespace dossier::fakes {

class faulty_records final : public domain::records {
 public:
  faulty_records(domain::records& real, fault_plan& plan) : real_(real), plan_(plan) {}

  awaitable<base::result<std::variant<domain::file_id, domain::earlier_submission>>> begin_file(
      domain::begin_file_request request) override {
    return through(plan_, "records.begin_file", real_.begin_file(std::move(request)));
  }
  awaitable<base::result<void>> renew_leases(std::vector<domain::lease_token> leases,
                                             domain::milliseconds lease_for) override {
    return through(plan_, "records.renew_leases", real_.renew_leases(std::move(leases), lease_for));
  }
  awaitable<base::result<std::variant<domain::person, domain::earlier_submission>>> commit_submission(
      domain::commit_request request) override {
    return through(plan_, "records.commit_submission", real_.commit_submission(std::move(request)));
  }
  awaitable<base::result<std::optional<domain::earlier_submission>>> find_submission(
      domain::idempotency_key key) override {
    return through(plan_, "records.find_submission", real_.find_submission(std::move(key)));
  }
  awaitable<base::result<void>> add_receipt(domain::person_id person, domain::sha256_digest secret,
                                            domain::milliseconds valid_for) override {
    return through(plan_, "records.add_receipt", real_.add_receipt(person, secret, valid_for));
  }
  awaitable<base::result<std::optional<domain::receipt>>> find_receipt(
      domain::sha256_digest secret) override {
    return through(plan_, "records.find_receipt", real_.find_receipt(secret));
  }
  awaitable<base::result<void>> abandon_submission(domain::lease_token lease) override {
    return through(plan_, "records.abandon_submission", real_.abandon_submission(std::move(lease)));
  }
  awaitable<base::result<domain::person>> find_person(domain::person_id id) override {
    return through(plan_, "records.find_person", real_.find_person(id));
  }
  awaitable<base::result<domain::file>> find_file(domain::file_id id) override {
    return through(plan_, "records.find_file", real_.find_file(id));
  }
  awaitable<base::result<domain::files_page>> list_files(domain::files_query query) override {
    return through(plan_, "records.list_files", real_.list_files(query));
  }
  awaitable<base::result<domain::people_page>> list_people(domain::people_query query) override {
    return through(plan_, "records.list_people", real_.list_people(std::move(query)));
  }
  awaitable<base::result<bool>> tend_search(bool at_once) override {
    return through(plan_, "records.tend_search", real_.tend_search(at_once));
  }
  awaitable<base::result<std::vector<domain::history_entry>>> history(domain::person_id id,
                                                                      int limit) override {
    return through(plan_, "records.history", real_.history(id, limit));
  }
  awaitable<base::result<std::vector<std::string>>> recent_values(std::size_t field, int limit) override {
    return through(plan_, "records.recent_values", real_.recent_values(field, limit));
  }
  awaitable<base::result<domain::person>> update_person(domain::person_id id, domain::details details,
                                                        std::optional<std::int64_t> expected_version,
                                                        domain::actor by) override {
    return through(plan_, "records.update_person",
                   real_.update_person(id, std::move(details), expected_version, std::move(by)));
  }
  awaitable<base::result<void>> delete_person(domain::person_id id,
                                              std::optional<std::int64_t> expected_version,
                                              domain::actor by) override {
    return through(plan_, "records.delete_person", real_.delete_person(id, expected_version, std::move(by)));
  }
  awaitable<base::result<void>> delete_file(domain::file_id id, domain::actor by) override {
    return through(plan_, "records.delete_file", real_.delete_file(id, std::move(by)));
  }
  awaitable<base::result<std::vector<domain::task>>> lease_tasks(domain::lease_token lease, int limit,
                                                                 domain::milliseconds lease_for) override {
    return through(plan_, "records.lease_tasks", real_.lease_tasks(std::move(lease), limit, lease_for));
  }
  awaitable<base::result<domain::task>> begin_reap(domain::task leased) override {
    return through(plan_, "records.begin_reap", real_.begin_reap(std::move(leased)));
  }
  awaitable<base::result<void>> complete_tasks(std::vector<domain::finished_task> done) override {
    return through(plan_, "records.complete_tasks", real_.complete_tasks(std::move(done)));
  }
  awaitable<base::result<void>> retry_task(domain::task leased, domain::milliseconds delay) override {
    return through(plan_, "records.retry_task", real_.retry_task(std::move(leased), delay));
  }
  awaitable<base::result<std::optional<domain::milliseconds>>> next_task_due() override {
    return through(plan_, "records.next_task_due", real_.next_task_due());
  }
  awaitable<base::result<domain::task_statistics>> task_stats() override {
    return through(plan_, "records.task_stats", real_.task_stats());
  }
  awaitable<base::result<bool>> forget_keys(domain::milliseconds older_than) override {
    return through(plan_, "records.forget_keys", real_.forget_keys(older_than));
  }
  awaitable<base::result<std::vector<domain::file_row>>> scan_files(domain::file_id after,
                                                                    int limit) override {
    return through(plan_, "records.scan_files", real_.scan_files(after, limit));
  }
  awaitable<base::result<std::optional<domain::file_row>>> find_row(domain::object_key key) override {
    return through(plan_, "records.find_row", real_.find_row(std::move(key)));
  }
  awaitable<base::result<std::vector<domain::file_row>>> find_rows(
      std::vector<domain::object_key> keys) override {
    return through(plan_, "records.find_rows", real_.find_rows(std::move(keys)));
  }
  awaitable<base::result<void>> adopt_orphan(domain::object_key key) override {
    return through(plan_, "records.adopt_orphan", real_.adopt_orphan(std::move(key)));
  }
  awaitable<base::result<void>> owe_tasks(std::vector<domain::file_id> files) override {
    return through(plan_, "records.owe_tasks", real_.owe_tasks(std::move(files)));
  }
  awaitable<base::result<domain::records_identity>> identity() override {
    return through(plan_, "records.identity", real_.identity());
  }
  domain::account_store& accounts() override { return real_.accounts(); }
  domain::audit_log& audit() override { return real_.audit(); }
  awaitable<base::result<void>> check() override { return through(plan_, "records.check", real_.check()); }

 private:
  domain::records& real_;
  fault_plan& plan_;
};

}  // namespace dossier::fakes
