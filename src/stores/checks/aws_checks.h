// How the doctor examines what all stores in AWS need: permissions, credentials, and the clock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials/credentials.h"
#include "aws/error.h"
#include "aws/session.h"
#include "base/clock.h"
#include "domain/store_check.h"

namespace dossier::stores {

// A call that the doctor made to AWS to learn whether the call is allowed. The functions that say what its
// failure means are pure.
struct aws_probe {
  std::string_view permission;                       // "s3:GetObject"
  std::string_view needed_for;                       // "reading files"
  domain::severity level = domain::severity::error;  // if the permission is missing
  std::optional<aws::error> failed = {};
  // What to do when the store does not know this operation; empty: every store has to know it.
  std::string_view if_unknown = {};
  bool tried = false;  // a real call on something that exists, not a harmless one on nothing
};

// Empty when the call is allowed. That includes the answers that something is missing or that a condition is
// not met, because AWS checks the permission first. Every other failure is a finding.
std::optional<domain::store_finding> findings_of(const aws_probe& made);

// Whether further calls would fail too: there is no connection, the calls are throttled, or the credentials
// were rejected.
bool is_away(const aws::error& failed);
// Whether AWS rejected the caller's credentials.
bool is_about_credentials(const aws::error& failed);

// What is wrong, and what to do about it.
domain::store_finding explain(const aws_probe& made, const aws::error& failed);

// Examines the credentials and the clock with which this process calls AWS: where the credentials come from,
// and when they expire. Never shows their values. Pure.
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
