// Version 2 of an EC2 instance's metadata service: it first gives a session token, which every other request
// must send. Version 1, which needs no token, is never used.
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
  // The transport must outlive it. `attempts` is how often each request is tried, at most.
  instance_metadata(const environment& variables, transport& via, int attempts);

  // Gets the session token. Call it before read(). An error with the code NoCredentials: the service is
  // switched off (AWS_EC2_METADATA_DISABLED), or it does not answer.
  awaitable<outcome<void>> begin();
  // The value at a path, such as "/latest/meta-data/placement/region".
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

// The region of the EC2 instance on which this process runs. It is used when the settings name none.

// True when neither the variables nor the profile name a region or an endpoint for all services, and only the
// instance can have the credentials. Otherwise this is hardly EC2, and asking would only take time.
bool needs_instance_region(const settings& all);

// Asks the metadata service once. Blocks, for about a second where there is no such service. Empty when there
// was no answer.
std::string instance_region(const settings& all);

}  // namespace dossier::aws
