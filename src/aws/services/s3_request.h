// Functions that the builders of s3.h share.
#pragma once

#include <string>
#include <string_view>

#include "aws/services/s3.h"

namespace dossier::aws::s3 {

request bucket_request(const bucket& in, const operation& what, std::string method);
request object_request(const bucket& in, const operation& what, std::string method, std::string_view key);
void add_payload(request& to, const payload& what);
void add_traits(request& to, const object_traits& traits);

}  // namespace dossier::aws::s3
