// The role of an EC2 instance, by its metadata service.
#pragma once

#include "aws/credentials.h"
#include "aws/environment.h"
#include "aws/transport.h"

namespace dossier::aws {

class instance_credentials final : public credentials_provider {
 public:
  instance_credentials(environment variables, transport& via) : variables_(std::move(variables)), via_(via) {}
  awaitable<outcome<credentials>> get() override;
  std::string name() const override { return "instance"; }

 private:
  environment variables_;
  transport& via_;
};

}  // namespace dossier::aws
