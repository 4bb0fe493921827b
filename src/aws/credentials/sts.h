// Asks the Security Token Service (STS) for a role's credentials: its requests, and a provider that uses a
// token in a file.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
#pragma once

#include <string>

#include "aws/credentials/credentials.h"
#include "aws/request.h"
#include "aws/settings.h"
#include "aws/transport/transport.h"

// Requests to STS. Pure.
namespace dossier::aws::sts {

struct role {
  std::string arn;
  std::string session = {};      // empty: "dossier"
  std::string external_id = {};  // empty: none
};

// Send it without a signature: the token shows who asks.
request assume_role_with_web_identity(const endpoint& where, const role& wanted, const std::string& token);
// Sign it with the credentials that may assume the role.
request assume_role(const endpoint& where, const role& wanted);

}  // namespace dossier::aws::sts

namespace dossier::aws {

// Exchanges a token in a file (EKS puts one there) for a role's credentials. Without a file or a role, get()
// returns an error with the code NoCredentials. The file is read each time, because its token is renewed. The
// transport must outlive this object.
class web_identity_credentials final : public credentials_provider {
 public:
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
