// The records store over SQL. Each method of domain/records.h is one transaction (renew_leases() may take
// several), in the SQL that both dialects share. Where each part is: submitting in sql_submissions.cc, leases
// in leases.h, people in sql_people.cc, searches in search/people_search.h, tasks in sql_tasks.cc, what the
// doctor asks in sql_records.cc.
#pragma once

#include <memory>

#include "domain/records.h"
#include "stores/sql/driver.h"
#include "stores/sql/gathered_look_ups.h"
#include "stores/sql/search/people_search.h"
#include "stores/sql/sql_accounts.h"
#include "stores/sql/sql_audit.h"

namespace dossier::stores::sql {

class sql_records final : public domain::records {
 public:
  // With `gathering`, look-ups of people share at most that many queries at a time (gathered_look_ups.h).
  // Without it, each look-up has its own query.
  explicit sql_records(std::unique_ptr<driver> on, std::optional<int> gathering = {}, search_plan plan = {});
  ~sql_records() override;

  awaitable<result<std::variant<domain::file_id, domain::earlier_submission>>> begin_file(
      domain::begin_file_request request) override;
  awaitable<result<void>> renew_leases(std::vector<domain::lease_token> leases,
                                       std::chrono::milliseconds lease_for) override;
  awaitable<result<std::variant<domain::person, domain::earlier_submission>>> commit_submission(
      domain::commit_request request) override;
  awaitable<result<std::optional<domain::earlier_submission>>> find_submission(
      domain::idempotency_key key) override;
  awaitable<result<void>> add_receipt(domain::person_id person, domain::sha256_digest secret,
                                      std::chrono::milliseconds valid_for) override;
  awaitable<result<std::optional<domain::receipt>>> find_receipt(domain::sha256_digest secret) override;
  awaitable<result<void>> abandon_submission(domain::lease_token lease) override;

  awaitable<result<domain::person>> find_person(domain::person_id id) override;
  awaitable<result<domain::file>> find_file(domain::file_id id) override;
  awaitable<result<domain::people_page>> list_people(domain::people_query query) override;
  awaitable<result<bool>> tend_search(bool at_once) override;
  awaitable<result<domain::files_page>> list_files(domain::files_query query) override;
  awaitable<result<std::vector<domain::history_entry>>> history(domain::person_id id, int limit) override;
  awaitable<result<std::vector<std::string>>> recent_values(std::size_t field, int limit) override;
  awaitable<result<domain::person>> update_person(domain::person_id id, domain::details details,
                                                  std::optional<std::int64_t> expected_version,
                                                  domain::actor by) override;
  awaitable<result<void>> delete_person(domain::person_id id, std::optional<std::int64_t> expected_version,
                                        domain::actor by) override;
  awaitable<result<void>> delete_file(domain::file_id id, domain::actor by) override;

  awaitable<result<std::vector<domain::task>>> lease_tasks(domain::lease_token lease, int limit,
                                                           std::chrono::milliseconds lease_for) override;
  awaitable<result<domain::task>> begin_reap(domain::task leased) override;
  awaitable<result<void>> complete_tasks(std::vector<domain::finished_task> done) override;
  awaitable<result<void>> retry_task(domain::task leased, std::chrono::milliseconds delay) override;
  awaitable<result<std::optional<std::chrono::milliseconds>>> next_task_due() override;
  awaitable<result<domain::task_statistics>> task_stats() override;
  awaitable<result<bool>> forget_keys(std::chrono::milliseconds older_than) override;

  awaitable<result<std::vector<domain::file_row>>> scan_files(domain::file_id after, int limit) override;
  awaitable<result<std::optional<domain::file_row>>> find_row(domain::object_key key) override;
  awaitable<result<std::vector<domain::file_row>>> find_rows(std::vector<domain::object_key> keys) override;
  awaitable<result<void>> adopt_orphan(domain::object_key key) override;
  awaitable<result<void>> owe_tasks(std::vector<domain::file_id> files) override;

  awaitable<result<domain::records_identity>> identity() override;
  domain::account_store& accounts() override { return accounts_; }
  domain::audit_log& audit() override { return audit_; }
  awaitable<result<void>> check() override;

 private:
  std::unique_ptr<driver> driver_;
  sql_accounts accounts_;
  sql_audit audit_;
  std::optional<gathered_look_ups> look_ups_;
  const search_plan plan_;
};

}  // namespace dossier::stores::sql
