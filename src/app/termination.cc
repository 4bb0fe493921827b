#include "app/termination.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>

namespace dossier::app {
namespace {

sigset_t watched() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// 128 + the signal's number, as a shell tells of a process that a signal ended.
void end_at_once(int signal) {
  _exit(128 + signal);
}

}  // namespace

termination::termination() {
  const sigset_t signals = watched();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void termination::wait() {
  const sigset_t signals = watched();
  int signal = 0;
  sigwait(&signals, &signal);
  std::signal(SIGTERM, end_at_once);
  std::signal(SIGINT, end_at_once);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

bool termination::is_asked() {
  sigset_t pending;
  sigemptyset(&pending);
  sigpending(&pending);
  return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
}

}  // namespace dossier::app
