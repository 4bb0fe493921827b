// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
#pragma once

#include "aws/credentials.h"
#include "aws/environment.h"

namespace dossier::aws {

class environment_credentials final : public credentials_provider {
 public:
  explicit environment_credentials(environment variables) : variables_(std::move(variables)) {}
  awaitable<outcome<credentials>> get() override;
  std::string name() const override { return "environment"; }

 private:
  environment variables_;
};

}  // namespace dossier::aws
