// One call that the doctor made to AWS to learn whether it is allowed, and what its failure means. Pure.
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
  domain::severity level = domain::severity::error;  // when it is missing
  std::optional<aws::error> failed = {};
  // What to do where the store does not know this operation; empty: every store has to know it.
  std::string_view if_unknown = {};
  bool tried = false;  // it was really done, with something that exists
};

// Empty when the call is allowed: AWS checks that before it answers that something is missing or a condition
// does not hold. Every other failure is a finding.
std::optional<domain::store_finding> findings_of(const aws_probe& made);

// AWS could not be asked at all: further calls are of no use.
bool is_away(const aws::error& failed);
// AWS does not accept the caller's credentials.
bool is_about_credentials(const aws::error& failed);

// For a refusal: which permission is missing. For other failures: what the call was needed for, and the code.
domain::store_finding explain(const aws_probe& made, const aws::error& failed);

}  // namespace dossier::stores
