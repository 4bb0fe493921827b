#include "app/logging.h"

#include <unistd.h>

#include "app/metrics.h"
#include "base/log.h"

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

void log_exchange(const http::exchange& done) {
  const double milliseconds = std::chrono::duration<double, std::milli>(done.took).count();
  const auto log = done.status >= 500 ? base::log_warning : base::log_info;
  log("request", {{"id", done.id},
                  {"method", method_label(done.method)},
                  {"route", done.route},
                  {"status", done.status},
                  {"bytes_in", done.bytes_in},
                  {"bytes_out", done.bytes_out},
                  {"ms", static_cast<double>(static_cast<std::int64_t>(milliseconds * 1000)) / 1000}});
}

}  // namespace dossier::app
