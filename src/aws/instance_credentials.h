// The role of an EC2 instance, by version 2 of its metadata service: first a session token, then the rest
// with it. Version 1, which answers without a token, is never used.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
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
  awaitable<outcome<std::string>> ask(std::string path, std::string token);

  environment variables_;
  transport& via_;
};

}  // namespace dossier::aws
