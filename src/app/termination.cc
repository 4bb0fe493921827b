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
  sigaddset(&signals, SIGHUP);
  return signals;
}

// 128 + the signal's number, as a shell tells of a process that a signal ended.
void end_at_once(int signal) {
  _exit(128 + signal);
}

}  // namespace

termination::termination() : on_terminal_(isatty(STDERR_FILENO) == 1) {
  const sigset_t signals = watched();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

termination::told termination::wait(std::chrono::milliseconds at_most) {
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
