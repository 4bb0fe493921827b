#include "aws/curl_loop.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

namespace dossier::aws {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_nap = 1'000ms;    // while something goes on
constexpr auto longest_rest = 60'000ms;  // otherwise
constexpr auto shortest_look = 20ms;     // between two looks at the limits

CURLM* new_multi() {
  static const CURLcode ready = libcurl().curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* multi = ready == CURLE_OK ? libcurl().curl_multi_init() : nullptr;
  if (multi == nullptr) throw std::bad_alloc();
  return multi;
}

// A peer that hangs up is an error of the transfer, not a signal; libcurl leaves that to us (NOSIGNAL).
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
  sockets_.wake();
  thread_.join();
}

template <class Change>
bool curl_loop::order(Change change) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    first = orders_.empty();  // for the others the thread is awake already
    change(orders_);
  }
  if (first) sockets_.wake();
  return true;
}

void curl_loop::start(std::shared_ptr<transfer> what) {
  if (!order([&](orders& to) { to.start.push_back(what); })) {
    what->end({transport_problem::cancelled, "the transport has stopped"});
  }
}

void curl_loop::cancel(std::shared_ptr<transfer> what) {
  order([&](orders& to) { to.cancel.push_back(std::move(what)); });
}

void curl_loop::resume(std::shared_ptr<transfer> what) {
  order([&](orders& to) { to.resume.push_back(std::move(what)); });
}

void curl_loop::run() {
  ignore_broken_pipes();
  while (obey()) {
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

bool curl_loop::obey() {
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
    // Who came first has waited longest.
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
  ++line_of(*what).going;
  libcurl().curl_multi_add_handle(multi_.get(), what->handle());
  const transfer* key = what.get();
  going_.emplace(key, std::move(what));
  look_again_ = clock::now();
}

void curl_loop::collect_ended() {
  int left = 0;
  while (const CURLMsg* message = libcurl().curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // the message goes with the handle
    void* self = nullptr;
    libcurl().curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
    const auto kept = going_.at(static_cast<transfer*>(self));
    finish(*kept);
    kept->end(code);
  }
}

// Takes it out of libcurl; whoever calls tells the receiver.
void curl_loop::finish(transfer& what) {
  libcurl().curl_multi_remove_handle(multi_.get(), what.handle());
  what.detach();
  --line_of(what).going;
  going_.erase(&what);
}

void curl_loop::check_limits() {
  const auto now = clock::now();
  // Whatever woke the thread may have begun another stage, with a limit of its own: look, but not all the
  // time.
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
