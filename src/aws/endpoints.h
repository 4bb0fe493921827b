// Where AWS's services are called: at their own hosts, or where the settings say.
#pragma once

#include <string>
#include <string_view>

#include "aws/request.h"
#include "aws/settings.h"
#include "base/result.h"

namespace dossier::aws {

enum class service { s3, dynamodb, ssm, secrets_manager, sts };

// AWS's own endpoint for the region unless the settings name another. invalid without a region, and where
// there is none of the kind that is asked for (FIPS, dual stack).
base::result<endpoint> endpoint_of(const settings& all, service which);
// The same in another region than the settings'.
base::result<endpoint> endpoint_of(const settings& all, service which, std::string region);

// AWS's own host for a service by its name in host names ("s3", "portal.sso").
base::result<std::string> host_of(std::string_view service, std::string_view region,
                                  const endpoint_kind& kind);

}  // namespace dossier::aws
