// A token in a file (as EKS puts it there) stands for a role.
#pragma once

#include "aws/credentials.h"
#include "aws/settings.h"
#include "aws/sts.h"
#include "aws/transport.h"

namespace dossier::aws {

class web_identity_credentials final : public credentials_provider {
 public:
  // Without a file and a role there are none here. The file is read each time: its token is renewed.
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
