// Examines the credentials and the clock with which this process calls AWS: where the credentials come from,
// and when they expire. Never shows their values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/credentials/credentials.h"
#include "aws/session.h"
#include "base/clock.h"
#include "domain/store_check.h"

namespace dossier::stores {

// Pure.
std::vector<domain::store_finding> check_credentials(const std::string& from,
                                                     const aws::outcome<aws::credentials>& found,
                                                     base::time_point now);

class caller_check final : public domain::store_check {
 public:
  // `ask` is sent to learn AWS's time; it need not be allowed. The session and the clock must outlive this
  // object.
  caller_check(aws::session& session, const base::clock& clock, aws::request ask)
      : session_(session), clock_(clock), ask_(std::move(ask)) {}

  awaitable<domain::store_report> look(domain::check_depth how) override;

 private:
  aws::session& session_;
  const base::clock& clock_;
  aws::request ask_;
};

}  // namespace dossier::stores
