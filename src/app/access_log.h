// One line per request: its id, method, route, status, bytes and time. The route is the pattern that matched,
// never the path or the query: those hold what people typed.
#pragma once

#include "http/message.h"

namespace dossier::app {

void log_exchange(const http::exchange& done);

}  // namespace dossier::app
