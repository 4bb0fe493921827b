// The canonical form of a request, which is what a signature is over.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <string>
#include <string_view>

#include "aws/request.h"

namespace dossier::aws {

struct canonical_form {
  std::string text;
  std::string signed_headers;  // "host;x-amz-date"
};

// All of the request's headers are in it; Host must be among them.
canonical_form canonical(const request& complete, std::string_view payload_sha256);

// Given, or that of the body.
std::string payload_hash(const request& of);

}  // namespace dossier::aws
