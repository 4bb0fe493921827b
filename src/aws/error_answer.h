// An answer of AWS that says what went wrong becomes an error. Pure.
#pragma once

#include <string_view>

#include "aws/error.h"
#include "aws/http.h"

namespace dossier::aws {

// XML (S3, STS), JSON (all others), or nothing at all (answers to HEAD): the status then says it.
error parse_error(std::string_view service, const response& answer);

// S3 may answer 200 and then find out that it failed: the body is an error all the same.
bool is_error_document(std::string_view body);

}  // namespace dossier::aws
