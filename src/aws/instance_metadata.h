// Version 2 of an EC2 instance's metadata service: first a session token, then the rest with it. Version 1,
// which answers without a token, is never used.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
#pragma once

#include <string>

#include "aws/environment.h"
#include "aws/error.h"
#include "aws/transport.h"
#include "base/async.h"

namespace dossier::aws {

class instance_metadata {
 public:
  // The transport outlives it. `attempts` at each request.
  instance_metadata(const environment& variables, transport& via, int attempts);

  // First of all. NoCredentials: it is switched off (AWS_EC2_METADATA_DISABLED), or there is none.
  awaitable<outcome<void>> begin();
  // What stands at a path: "/latest/meta-data/placement/region".
  awaitable<outcome<std::string>> read(std::string path);

 private:
  awaitable<outcome<std::string>> ask(std::string path);

  transport& via_;
  int attempts_;
  bool disabled_;
  std::string address_;  // without a slash at its end
  std::string token_;
};

}  // namespace dossier::aws
