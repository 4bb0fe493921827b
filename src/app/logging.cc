#include "app/logging.h"

#include <unistd.h>

namespace dossier::app {
namespace {

base::log_format format_of(log_style style) {
  if (style == log_style::automatic) style = isatty(STDERR_FILENO) == 1 ? log_style::text : log_style::json;
  return style == log_style::text ? base::log_format::text : base::log_format::json;
}

}  // namespace

logging::logging(const settings& chosen) {
  base::start_log(format_of(chosen.log_format), chosen.log_level);
}

logging::~logging() {
  base::stop_log();
}

}  // namespace dossier::app
