// Logging as the settings say, for as long as this lives; what waits is written at its end.
#pragma once

#include "app/settings.h"

namespace dossier::app {

class logging {
 public:
  explicit logging(const settings& chosen);
  ~logging();
  logging(const logging&) = delete;
  logging& operator=(const logging&) = delete;
};

}  // namespace dossier::app
