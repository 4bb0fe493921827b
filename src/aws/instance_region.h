// The region of the EC2 instance that this process runs on, for when nobody names one.
#pragma once

#include <string>

#include "aws/settings.h"

namespace dossier::aws {

// Neither variables nor profile name a region or an endpoint for everything, and the credentials can only be
// the instance's: all others are at home elsewhere, where asking would be a wait for nothing.
bool needs_instance_region(const settings& all);

// Asks once, which takes a second where no instance is. Blocks. Empty: it does not say.
std::string instance_region(const settings& all);

}  // namespace dossier::aws
