// Signature Version 4: turns a request into the HTTP request that is sent. Pure: time and credentials are
// passed in.
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

// The canonical form of a request, which is the text that is signed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
struct canonical_form {
  std::string text;
  std::string signed_headers;  // "host;x-amz-date"
};

// It contains all of the request's headers. Host must be among them.
canonical_form canonical(const request& complete, std::string_view payload_sha256);

// The request's payload_sha256, or if that is empty, the hash of its body.
std::string payload_hash(const request& of);

// The request with its Authorization header (and x-amz-date, x-amz-security-token, for S3
// x-amz-content-sha256), ready to be sent. All its headers are signed. S3's paths are signed unchanged. Other
// paths are signed encoded once more, and without "." and "..".
http_request sign(const request& unsigned_request, const credentials& who, base::time_point now);

// A URL that makes this request without further credentials, for the time `valid` (more than 0, at most 7
// days). The request's headers, if any, must be sent with it unchanged. For S3 the payload is not signed.
std::string presign(const request& unsigned_request, const credentials& who, base::time_point now,
                    std::chrono::seconds valid);

// The request unchanged, without a signature: for STS's web identity.
http_request without_signature(const request& unsigned_request);

// The results of each step, for the tests with AWS's test vectors.
struct signing_steps {
  std::string canonical_request;
  std::string string_to_sign;
  std::string authorization;
};
// What sign() does with exactly these headers, without adding any.
signing_steps sign_exactly(const request& complete, const credentials& who, base::time_point when);

}  // namespace dossier::aws
