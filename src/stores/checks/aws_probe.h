// A call that the doctor made to AWS to learn whether the call is allowed, and what its failure means. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "domain/store_check.h"

namespace dossier::stores {

struct aws_probe {
  std::string_view permission;                       // "s3:GetObject"
  std::string_view needed_for;                       // "reading files"
  domain::severity level = domain::severity::error;  // if the permission is missing
  std::optional<aws::error> failed = {};
  // What to do when the store does not know this operation; empty: every store has to know it.
  std::string_view if_unknown = {};
  bool tried = false;  // it was done on something that exists, and had its effect
};

// Empty when the call is allowed. That includes the answers that something is missing or that a condition is
// not met, because AWS checks the permission first. Every other failure is a finding.
std::optional<domain::store_finding> findings_of(const aws_probe& made);

// Whether AWS could not be asked at all, so that further calls are useless.
bool is_away(const aws::error& failed);
// Whether AWS rejected the caller's credentials.
bool is_about_credentials(const aws::error& failed);

// For a refusal: which permission is missing. For other failures: what the call was needed for, and the code.
domain::store_finding explain(const aws_probe& made, const aws::error& failed);

}  // namespace dossier::stores
