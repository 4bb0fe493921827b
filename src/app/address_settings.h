// The rows of settings.h's table for addresses: where to listen, and under which names and from which pages
// people come. What can never work is refused when it is read.
#pragma once

#include "app/settings.h"

namespace dossier::app {

setting listen_setting();
setting allowed_hosts_setting();
setting public_url_setting();

}  // namespace dossier::app
