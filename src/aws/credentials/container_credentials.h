// Credentials from the endpoint that ECS and EKS give to a container.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
#pragma once

#include "aws/credentials/credentials.h"
#include "aws/credentials/environment.h"
#include "aws/transport/transport.h"

namespace dossier::aws {

class container_credentials final : public credentials_provider {
 public:
  container_credentials(environment variables, transport& via)
      : variables_(std::move(variables)), via_(via) {}
  awaitable<outcome<credentials>> get() override;
  std::string name() const override { return "container"; }

 private:
  environment variables_;
  transport& via_;
};

// From AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN(_FILE). A
// URL without TLS is accepted only for this machine and the addresses of ECS and EKS. Errors have the code
// NoCredentials (no variable is set) or InvalidContainerEndpoint.
outcome<http_request> container_request(const environment& variables);

}  // namespace dossier::aws
