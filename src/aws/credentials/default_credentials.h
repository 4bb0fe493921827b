// The credentials of this process, from the places where AWS's own tools look, in their order: environment,
// web identity, profile (keys, credential_process, SSO), container endpoint, EC2 instance.
#pragma once

#include <memory>

#include "aws/credentials/credentials.h"
#include "aws/settings.h"
#include "aws/transport/transport.h"
#include "base/clock.h"

namespace dossier::aws {

// Behind a cache. Settings are copied. The transport and the clock must outlive the result.
std::unique_ptr<credentials_provider> default_credentials(const settings& all, transport& via,
                                                          const base::clock& clock);

}  // namespace dossier::aws
