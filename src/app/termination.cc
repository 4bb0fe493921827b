#include "app/termination.h"

#include <csignal>

#include <pthread.h>
#include <unistd.h>

#include "base/expects.h"
#include "base/log.h"

namespace dossier::app {

ended end_serving(http::server& server, stores::opened_stores& stores,
                  const std::function<void()>& stop_background, ending_limits limits) {
  base::expects(static_cast<bool>(stop_background), "what runs beside the requests can be stopped");
  ended how;
  how.drained = server.drain(limits.drain);
  stop_background();
  // Requests that still wait for a store get its refusal while the loops run.
  stores.stop();
  how.whole = server.stop(limits.rest);
  if (!how.whole) return how;
  base::expects(server.connections() == 0, "no request is left that could use the stores");
  stores.records.reset();
  stores.catalog.reset();
  stores.objects.reset();
  stores.disk.reset();
  return how;
}

void leave_unfinished(int exit_code) {
  base::log_error("something still runs, most likely on a disk that hangs; it ends with the process");
  base::stop_log();
  _exit(exit_code);
}

namespace {

sigset_t watched() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

// 128 + the signal's number: the status that a shell shows for a process that a signal ended.
void end_at_once(int signal) {
  _exit(128 + signal);
}

}  // namespace

termination::termination() : on_terminal_(isatty(STDERR_FILENO) == 1) {
  const sigset_t signals = watched();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

termination::told termination::wait(std::chrono::milliseconds at_most) {
  base::expects(at_most.count() >= 0, "the time to wait is not negative");
  const sigset_t signals = watched();
  const timespec limit{.tv_sec = at_most.count() / 1000, .tv_nsec = at_most.count() % 1000 * 1'000'000};
  const int signal = sigtimedwait(&signals, nullptr, &limit);
  if (signal <= 0) return told::nothing;
  if (signal == SIGHUP && !on_terminal_) return told::reload;
  std::signal(SIGTERM, end_at_once);
  std::signal(SIGINT, end_at_once);
  std::signal(SIGHUP, SIG_IGN);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  return told::end;
}

bool termination::is_asked() {
  sigset_t pending;
  sigemptyset(&pending);
  sigpending(&pending);
  return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
}

}  // namespace dossier::app
