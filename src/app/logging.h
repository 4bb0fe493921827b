// Logs as the settings say, as long as this object lives; its destructor writes the lines that still wait.
#pragma once

#include "app/settings.h"
#include "http/message.h"

namespace dossier::app {

class logging {
 public:
  explicit logging(const settings& chosen);
  ~logging();
  logging(const logging&) = delete;
  logging& operator=(const logging&) = delete;
};

// One line per request: its id, method, route, status, bytes and time. The route is the pattern that matched,
// never the path or the query: those hold what people typed.
void log_exchange(const http::exchange& done);

}  // namespace dossier::app
