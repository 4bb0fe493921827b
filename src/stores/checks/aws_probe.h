// One call to AWS that the doctor made to see whether it may, and what its refusal means. Pure.
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
  domain::severity level = domain::severity::error;  // of its absence
  std::optional<aws::error> failed = {};
  // What is to be done where the store does not know this operation; empty: it must.
  std::string_view if_unknown = {};
  bool tried = false;  // not asked about: done, with something that is really there
};

// Nothing when it may: what AWS does not find, or a condition that did not hold, was let through. Every other
// answer is a finding.
std::optional<domain::store_finding> judge(const aws_probe& made);

// It could not be asked at all: the next question is in vain too.
bool is_away(const aws::error& failed);
// The caller is not known to AWS, whatever it may do.
bool is_about_credentials(const aws::error& failed);

// "s3:GetObject is missing" for what AWS refuses; `doing` for all else.
domain::store_finding explain(const aws_probe& made, const aws::error& failed);

}  // namespace dossier::stores
