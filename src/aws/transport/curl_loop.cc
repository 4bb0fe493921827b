#include "aws/transport/curl_loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <new>
#include <span>
#include <system_error>
#include <utility>

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/expects.h"

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
  // libcurl closes its connections after this; its callbacks must not be called any more.
  libcurl().curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
  libcurl().curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
  ::close(woken_);
  ::close(epoll_);
}

void curl_sockets::wake() {
  const std::uint64_t once = 1;
  // The write fails only when the counter is full, and then the thread wakes up anyway.
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

namespace {

using namespace std::chrono_literals;

constexpr auto longest_nap = 1'000ms;    // while transfers run
constexpr auto longest_rest = 60'000ms;  // otherwise
constexpr auto shortest_look = 20ms;     // between two checks of the limits

CURLM* new_multi() {
  static const CURLcode ready = libcurl().curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* multi = ready == CURLE_OK ? libcurl().curl_multi_init() : nullptr;
  if (multi == nullptr) throw std::bad_alloc();
  return multi;
}

// A peer that closes its connection must cause an error of the transfer, not a signal. With NOSIGNAL, libcurl
// leaves that to us.
void ignore_broken_pipes() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

}  // namespace

curl_loop::curl_loop(curl_options options)
    : options_(std::move(options)), multi_(new_multi()), sockets_(multi_.get()) {
  calls_.places = std::max(1, options_.max_calls);
  downloads_.places = std::max(1, options_.max_downloads);
  libcurl().curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                              static_cast<long>(calls_.places + downloads_.places));
  thread_ = std::thread([this] { run(); });
}

curl_loop::~curl_loop() {
  stop();
}

void curl_loop::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  if (!thread_.joinable()) return;
  base::expects(thread_.get_id() != std::this_thread::get_id(), "the loop's thread does not wait for itself");
  sockets_.wake();
  thread_.join();
}

template <class Change>
bool curl_loop::order(Change change) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    first = orders_.empty();  // otherwise the thread was woken already
    change(orders_);
  }
  if (first) sockets_.wake();
  return true;
}

void curl_loop::start(std::shared_ptr<transfer> what) {
  base::expects(what != nullptr, "there is a transfer to start");
  if (!order([&](orders& to) { to.start.push_back(what); })) {
    what->end({transport_problem::cancelled, "the transport has stopped"});
  }
}

void curl_loop::cancel(std::shared_ptr<transfer> what) {
  base::expects(what != nullptr, "there is a transfer to cancel");
  order([&](orders& to) { to.cancel.push_back(std::move(what)); });
}

void curl_loop::resume(std::shared_ptr<transfer> what) {
  base::expects(what != nullptr, "there is a transfer to resume");
  order([&](orders& to) { to.resume.push_back(std::move(what)); });
}

void curl_loop::run() {
  ignore_broken_pipes();
  while (carry_out_orders()) {
    collect_ended();
    check_limits();
    begin_waiting();
    const auto nap = std::chrono::ceil<std::chrono::milliseconds>(look_again_ - clock::now());
    const auto time =
        std::clamp<std::chrono::milliseconds>(nap, 0ms, going_.empty() ? longest_rest : longest_nap);
    sockets_.wait(time);
  }
  end_all();
}

bool curl_loop::carry_out_orders() {
  orders given;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    given = std::exchange(orders_, {});
  }
  for (auto& each : given.start) line_of(*each).waiting.push_back(std::move(each));
  for (const auto& each : given.resume) {
    if (going_.contains(each.get())) each->resume();
    look_again_ = clock::now();
  }
  for (const auto& each : given.cancel) {
    auto& waiting = line_of(*each).waiting;
    const auto place = std::ranges::find(waiting, each);
    const bool going = going_.contains(each.get());
    if (place == waiting.end() && !going) continue;  // it has ended already
    if (going) finish(*each);
    if (place != waiting.end()) waiting.erase(place);
    each->end({transport_problem::cancelled, "nobody waits for it any more"});
  }
  return true;
}

void curl_loop::begin_waiting() {
  const auto now = clock::now();
  for (line* each : {&calls_, &downloads_}) {
    while (!each->waiting.empty() && each->going < each->places) {
      auto next = std::move(each->waiting.front());
      each->waiting.pop_front();
      begin(std::move(next));
    }
    // The first in line has waited longest.
    while (!each->waiting.empty() && each->waiting.front()->submitted() + options_.queue_limit <= now) {
      const auto late = std::move(each->waiting.front());
      each->waiting.pop_front();
      late->end({transport_problem::busy, "no connection became free in time"});
    }
    if (!each->waiting.empty()) {
      const auto patience = each->waiting.front()->submitted() + options_.queue_limit;
      look_again_ = std::min<clock::time_point>(look_again_, patience);
    }
  }
}

void curl_loop::begin(std::shared_ptr<transfer> what) {
  if (auto problem = what->prepare(options_.ca_bundle)) return what->end(std::move(*problem));
  auto& its = line_of(*what);
  base::expects(its.going < its.places, "a place is free");
  ++its.going;
  libcurl().curl_multi_add_handle(multi_.get(), what->handle());
  const transfer* key = what.get();
  going_.emplace(key, std::move(what));
  look_again_ = clock::now();
}

void curl_loop::collect_ended() {
  int left = 0;
  while (const CURLMsg* message = libcurl().curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // the message is freed with the handle
    void* self = nullptr;
    libcurl().curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
    const auto kept = going_.at(static_cast<transfer*>(self));
    finish(*kept);
    kept->end(code);
  }
}

// Removes the transfer from libcurl. The caller tells the receiver.
void curl_loop::finish(transfer& what) {
  libcurl().curl_multi_remove_handle(multi_.get(), what.handle());
  what.detach();
  auto& its = line_of(what);
  base::expects(its.going > 0, "a transfer that ends was going");
  --its.going;
  going_.erase(&what);
}

void curl_loop::check_limits() {
  const auto now = clock::now();
  // The event that woke the thread may have started another stage of a transfer, which has its own limit. So
  // check the limits, but not at every wake-up.
  look_again_ = std::min<clock::time_point>(look_again_, last_look_ + shortest_look);
  if (now < look_again_) return;
  last_look_ = now;
  look_again_ = clock::time_point::max();
  std::vector<std::pair<std::shared_ptr<transfer>, transport_error>> over;
  for (const auto& [_, each] : going_) {
    auto verdict = each->check_limits(now);
    if (verdict.over) over.emplace_back(each, std::move(*verdict.over));
    look_again_ = std::min(look_again_, verdict.look_again);
  }
  for (auto& [late, problem] : over) {
    finish(*late);
    late->end(std::move(problem));
  }
}

void curl_loop::end_all() {
  const auto stopped = [] {
    return transport_error{transport_problem::cancelled, "the transport has stopped"};
  };
  while (!going_.empty()) {
    const auto last = going_.begin()->second;
    finish(*last);
    last->end(stopped());
  }
  orders given;
  {
    const std::lock_guard lock(mutex_);
    given = std::exchange(orders_, {});
  }
  for (const auto& each : given.start) each->end(stopped());
  for (line* each : {&calls_, &downloads_}) {
    for (const auto& waiting : each->waiting) waiting->end(stopped());
    each->waiting.clear();
  }
}

}  // namespace dossier::aws
