#include "app/access_log.h"

#include "app/method_label.h"
#include "base/log.h"

namespace dossier::app {

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
