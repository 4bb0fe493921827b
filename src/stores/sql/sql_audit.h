// The audit log over SQL (domain/audit.h).
#pragma once

#include <string_view>

#include "domain/audit.h"
#include "stores/sql/driver.h"

namespace dossier::stores::sql {

// Adds an entry, in the transaction of what is done.
void note(connection& on, const domain::actor& by, domain::audit_action what, std::int64_t subject,
          std::string_view detail = {});

class sql_audit final : public domain::audit_log {
 public:
  // The driver must outlive it.
  explicit sql_audit(driver& on) : driver_(on) {}

  awaitable<result<void>> note(domain::actor by, domain::audit_action what, std::int64_t subject,
                               std::string detail) override;
  awaitable<result<bool>> chain() override;
  awaitable<result<std::vector<domain::audit_entry>>> list(domain::audit_query query) override;
  awaitable<result<std::vector<domain::audit_entry>>> scan(std::int64_t after, int limit) override;
  awaitable<result<domain::audit_state>> state() override;
  awaitable<result<std::int64_t>> cut(domain::milliseconds older_than) override;

 private:
  driver& driver_;
};

}  // namespace dossier::stores::sql
