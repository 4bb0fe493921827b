// What the servers and the pages are told, as it follows from the settings.
#pragma once

#include "app/address_settings.h"
#include "app/descriptors.h"
#include "app/settings.h"
#include "base/upload_memory.h"
#include "http/server.h"
#include "stores/locations.h"
#include "web/context.h"

namespace dossier::app {

// There is one budget of memory. If files are in S3, half of it is for the buffers of short files.
settings with_shared_memory(settings chosen, const stores::locations& where);

// `memory` must outlive the server.
http::server_settings server_settings_of(const settings& chosen, const listen_address& where,
                                         connection_share share, base::upload_memory& memory);

web::web_settings web_settings_of(const settings& chosen);

}  // namespace dossier::app
