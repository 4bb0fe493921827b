#include "app/ending.h"

#include <unistd.h>

#include "base/log.h"

namespace dossier::app {

ended end_serving(http::server& server, stores::opened_stores& stores,
                  const std::function<void()>& stop_background, ending_limits limits) {
  ended how;
  how.drained = server.drain(limits.drain);
  stop_background();
  // Whoever still waits for a store is told so while the loops run.
  stores.stop();
  how.whole = server.stop(limits.rest);
  if (!how.whole) return how;
  stores.records.reset();
  stores.catalog.reset();
  stores.objects.reset();
  stores.disk.reset();
  return how;
}

void leave_unfinished(int exit_code) {
  base::log_error(
      "something still runs, and is left to end with the process; a disk that hangs, most likely");
  base::stop_log();
  _exit(exit_code);
}

}  // namespace dossier::app
