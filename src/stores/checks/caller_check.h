// Examines who calls AWS and by which clock: where the credentials come from, when they end. Never their
// values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/access.h"
#include "aws/credentials.h"
#include "base/clock.h"
#include "domain/store_check.h"

namespace dossier::stores {

// Pure.
std::vector<domain::store_finding> judge_credentials(const std::string& from,
                                                     const aws::outcome<aws::credentials>& found,
                                                     base::time_point now);

class caller_check final : public domain::store_check {
 public:
  // `ask` is sent to learn AWS's time; whether it is allowed does not matter.
  caller_check(aws::access& access, const base::clock& clock, aws::request ask)
      : access_(access), clock_(clock), ask_(std::move(ask)) {}

  awaitable<domain::store_report> look(domain::check_depth how) override;

 private:
  aws::access& access_;
  const base::clock& clock_;
  aws::request ask_;
};

}  // namespace dossier::stores
