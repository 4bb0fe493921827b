// What a profile of the shared files says: keys, a role by way of another profile, a process, single sign-on.
#pragma once

#include "aws/credentials.h"
#include "aws/settings.h"
#include "aws/transport.h"
#include "base/blocking_pool.h"
#include "base/clock.h"

namespace dossier::aws {

class profile_credentials final : public credentials_provider {
 public:
  // Transport and clock outlive it.
  profile_credentials(settings all, transport& via, const base::clock& clock);
  awaitable<outcome<credentials>> get() override;
  std::string name() const override { return "profile " + all_.profile; }

 private:
  awaitable<outcome<credentials>> of_profile(std::string name, int depth);
  awaitable<outcome<credentials>> of_role(std::string name, const profile& said, int depth);
  awaitable<outcome<credentials>> of_source(std::string name, const profile& said, int depth);
  awaitable<outcome<credentials>> of_process(const std::string& command);
  awaitable<outcome<credentials>> of_single_sign_on(const profile& said);

  settings all_;
  transport& via_;
  const base::clock& clock_;
  base::blocking_pool processes_{1};
};

}  // namespace dossier::aws
