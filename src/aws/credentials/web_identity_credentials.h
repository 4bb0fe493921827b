// Exchanges a token in a file (EKS puts one there) for a role's credentials.
#pragma once

#include "aws/credentials/credentials.h"
#include "aws/services/sts.h"
#include "aws/settings.h"
#include "aws/transport/transport.h"

namespace dossier::aws {

class web_identity_credentials final : public credentials_provider {
 public:
  // Without a file or a role, get() returns an error with the code NoCredentials. The file is read each time,
  // because its token is renewed. The transport must outlive it.
  struct source {
    std::string token_file;
    sts::role role;
  };
  web_identity_credentials(source from, base::result<endpoint> where, transport& via)
      : from_(std::move(from)), where_(std::move(where)), via_(via) {}
  awaitable<outcome<credentials>> get() override;
  std::string name() const override { return "web identity"; }

 private:
  source from_;
  base::result<endpoint> where_;
  transport& via_;
};

}  // namespace dossier::aws
