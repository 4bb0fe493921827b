#include "aws/curl_sockets.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <system_error>

namespace dossier::aws {
namespace {

int checked(int file) {
  if (file < 0) throw std::system_error(errno, std::system_category(), "waiting for sockets");
  return file;
}

std::uint32_t events_of(int what) {
  switch (what) {
    case CURL_POLL_IN:
      return EPOLLIN;
    case CURL_POLL_OUT:
      return EPOLLOUT;
    default:
      return EPOLLIN | EPOLLOUT;
  }
}

int readiness_of(std::uint32_t events) {
  int ready = 0;
  if (events & EPOLLIN) ready |= CURL_CSELECT_IN;
  if (events & EPOLLOUT) ready |= CURL_CSELECT_OUT;
  if (events & (EPOLLERR | EPOLLHUP)) ready |= CURL_CSELECT_ERR;
  return ready;
}

}  // namespace

curl_sockets::curl_sockets(CURLM* multi)
    : multi_(multi),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC))),
      woken_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = woken_}};
  if (woken_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, woken_, &event) != 0) {
    const int problem = errno;
    if (woken_ >= 0) ::close(woken_);
    ::close(epoll_);
    throw std::system_error(problem, std::system_category(), "waiting for sockets");
  }
  const auto& curl = libcurl();
  curl.curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &on_socket);
  curl.curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl.curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &on_timer);
  curl.curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

curl_sockets::~curl_sockets() {
  // libcurl closes its connections after this, and tells nobody.
  libcurl().curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
  libcurl().curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
  ::close(woken_);
  ::close(epoll_);
}

void curl_sockets::wake() {
  const std::uint64_t once = 1;
  // It cannot fail but when it is full of wake-ups.
  [[maybe_unused]] const auto written = ::write(woken_, &once, sizeof once);
}

void curl_sockets::wait(std::chrono::milliseconds at_most) {
  std::array<epoll_event, 64> events;
  const int count =
      ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds_until_timer(at_most));
  for (const auto& one : std::span(events).first(static_cast<std::size_t>(std::max(count, 0)))) {
    if (one.data.fd == woken_) {
      std::uint64_t times = 0;
      [[maybe_unused]] const auto taken = ::read(woken_, &times, sizeof times);
    } else {
      act(one.data.fd, readiness_of(one.events));
    }
  }
  if (timer_ && *timer_ <= clock::now()) {
    timer_.reset();  // libcurl sets the next one in the call
    act(CURL_SOCKET_TIMEOUT, 0);
  }
}

int curl_sockets::milliseconds_until_timer(std::chrono::milliseconds at_most) const {
  auto time = at_most;
  if (timer_) time = std::min(time, std::chrono::ceil<std::chrono::milliseconds>(*timer_ - clock::now()));
  return static_cast<int>(std::max(time, std::chrono::milliseconds::zero()).count());
}

void curl_sockets::act(curl_socket_t on, int ready) {
  int still_going = 0;
  libcurl().curl_multi_socket_action(multi_, on, ready, &still_going);
}

void curl_sockets::watch(curl_socket_t socket, int what) {
  epoll_event event{.events = events_of(what), .data = {.fd = socket}};
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, &event);
  } else if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event) != 0) {
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }
}

int curl_sockets::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  static_cast<curl_sockets*>(self)->watch(socket, what);
  return 0;
}

int curl_sockets::on_timer(CURLM*, long milliseconds, void* self) {
  auto& timer = static_cast<curl_sockets*>(self)->timer_;
  timer =
      milliseconds < 0 ? std::nullopt : std::optional(clock::now() + std::chrono::milliseconds(milliseconds));
  return 0;
}

}  // namespace dossier::aws
