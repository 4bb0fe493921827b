// Signature Version 4: turns a request into what goes out. Pure: time and credentials are given.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "aws/credentials/credentials.h"
#include "aws/request.h"
#include "aws/transport/transport.h"
#include "base/clock.h"

namespace dossier::aws {

// The canonical form of a request, which is what a signature is over.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
struct canonical_form {
  std::string text;
  std::string signed_headers;  // "host;x-amz-date"
};

// All of the request's headers are in it; Host must be among them.
canonical_form canonical(const request& complete, std::string_view payload_sha256);

// The hash that the request gives, or else that of its body.
std::string payload_hash(const request& of);

// The request with its Authorization header (and x-amz-date, x-amz-security-token, for S3
// x-amz-content-sha256), ready to be sent. All its headers are signed. A path of S3 is signed as it is, any
// other encoded once more and without "." and "..".
http_request sign(const request& unsigned_request, const credentials& who, base::time_point now);

// A URL that does this request without further credentials, as long as it is valid (at most 7 days). The
// request's headers, if any, must be sent with it unchanged. For S3 the payload is not signed.
std::string presign(const request& unsigned_request, const credentials& who, base::time_point now,
                    std::chrono::seconds valid);

// The request as it is, without a signature: for STS's web identity.
http_request without_signature(const request& unsigned_request);

// The steps, for the tests on AWS's vectors.
struct signing_steps {
  std::string canonical_request;
  std::string string_to_sign;
  std::string authorization;
};
// What sign() would do with exactly these headers: none is added.
signing_steps sign_exactly(const request& complete, const credentials& who, base::time_point when);

}  // namespace dossier::aws
