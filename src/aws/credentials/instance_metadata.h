// Version 2 of an EC2 instance's metadata service: first a session token, then the rest with it. Version 1,
// which answers without a token, is never used.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
#pragma once

#include <string>

#include "aws/credentials/credentials.h"
#include "aws/credentials/environment.h"
#include "aws/error.h"
#include "aws/settings.h"
#include "aws/transport/transport.h"
#include "base/async.h"

namespace dossier::aws {

class instance_metadata {
 public:
  // The transport outlives it. `attempts` at each request.
  instance_metadata(const environment& variables, transport& via, int attempts);

  // Gets the session token; call before read(). NoCredentials: the service is switched off
  // (AWS_EC2_METADATA_DISABLED), or there is none.
  awaitable<outcome<void>> begin();
  // The value at a path: "/latest/meta-data/placement/region".
  awaitable<outcome<std::string>> read(std::string path);

 private:
  awaitable<outcome<std::string>> ask(std::string path);

  transport& via_;
  int attempts_;
  bool disabled_;
  std::string address_;  // without a slash at its end
  std::string token_;
};

// The credentials of an EC2 instance's role, from its metadata service.
class instance_credentials final : public credentials_provider {
 public:
  instance_credentials(environment variables, transport& via) : variables_(std::move(variables)), via_(via) {}
  awaitable<outcome<credentials>> get() override;
  std::string name() const override { return "instance"; }

 private:
  environment variables_;
  transport& via_;
};

// The region of the EC2 instance on which this process runs, for when the settings name none.

// True when neither variables nor profile name a region or an endpoint for all services, and the credentials
// can only be the instance's. With others this is hardly EC2, and asking would be a useless wait.
bool needs_instance_region(const settings& all);

// Asks the metadata service once, which takes a second where there is none. Blocks. Empty: no answer.
std::string instance_region(const settings& all);

}  // namespace dossier::aws
