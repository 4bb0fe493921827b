#include "base/fair_lane.h"

#include <optional>

namespace dossier::base {
namespace {

using namespace std::chrono_literals;

error busy() {
  return {error_code::unavailable, "There is too much to look for just now. Try again in a moment.", {}, 2s};
}

error hung_up() {
  return {error_code::timed_out, "Whoever asked has left."};
}

error stopping() {
  return {error_code::unavailable, "This server is stopping. Try again in a moment.", {}, 2s};
}

}  // namespace

// Its fields are the lane's to change, under its lock.
struct fair_lane::waiter : fair_queue::entry {
  bool granted = false;
  bool displaced = false;
  bool stopped = false;
  sleeper rest;
};

// However the wait ends, also with its loop: nothing of it stays in the line.
class fair_lane::place_in_line {
 public:
  place_in_line(fair_lane& lane, waiter& one) : lane_(lane), one_(one) {}
  ~place_in_line() {
    const std::lock_guard lock(lane_.mutex_);
    lane_.line_.leave(one_);
    if (one_.granted) lane_.give_back(one_.name, one_.lengthy, {});
  }
  place_in_line(const place_in_line&) = delete;
  place_in_line& operator=(const place_in_line&) = delete;

 private:
  fair_lane& lane_;
  waiter& one_;
};

fair_lane::turn::~turn() {
  if (lane_ != nullptr) lane_->end(*this);
}

bool fair_lane::turn::is_given_up() const {
  return left_.stop_requested() || lane_->ending_.stop_requested();
}

error fair_lane::turn::given_up() const {
  return left_.stop_requested() ? hung_up() : stopping();
}

awaitable<result<fair_lane::turn>> fair_lane::enter(caller who, bool lengthy) {
  waiter self;
  self.name = std::move(who.name);
  self.lengthy = lengthy;
  const auto left = who.watch ? who.watch() : std::stop_token();
  bool granted = false;
  {
    const std::lock_guard lock(mutex_);
    if (ending_.stop_requested()) co_return std::unexpected(stopping());
    if (left.stop_requested()) {
      ++past_.left;
      co_return std::unexpected(hung_up());
    }
    auto* out = static_cast<waiter*>(line_.join(self));
    if (out != nullptr) ++past_.refused;
    if (out == &self) co_return std::unexpected(busy());
    if (out != nullptr) {
      out->displaced = true;
      out->rest.wake();
    }
    grant();
    granted = self.granted;
  }
  const place_in_line place(*this, self);
  if (!granted) {
    const std::stop_callback when_left(left, [&self] { self.rest.wake(); });
    co_await self.rest.sleep(limits_.wait);
  }
  co_return begin(self, left);
}

result<fair_lane::turn> fair_lane::begin(waiter& one, std::stop_token left) {
  std::optional<turn> mine;  // ends after the lock is given back
  const std::lock_guard lock(mutex_);
  if (std::exchange(one.granted, false)) mine.emplace(turn(*this, one.name, one.lengthy, left));
  if (left.stop_requested()) {
    ++past_.left;
    return std::unexpected(hung_up());
  }
  if (mine) return std::move(*mine);
  if (one.stopped) return std::unexpected(stopping());
  if (!one.displaced) ++past_.late;
  return std::unexpected(busy());
}

// Under the lock.
void fair_lane::grant() {
  while (running_ < limits_.places) {
    auto* one = static_cast<waiter*>(line_.next(running_lengthy_ < limits_.lengthy));
    if (one == nullptr) return;
    ++running_;
    if (one->lengthy) ++running_lengthy_;
    one->granted = true;
    one->rest.wake();
  }
}

void fair_lane::end(const turn& done) {
  const auto used = std::chrono::steady_clock::now() - done.began_;
  const std::lock_guard lock(mutex_);
  give_back(done.name_, done.lengthy_, used);
}

// Under the lock.
void fair_lane::give_back(const std::string& name, bool lengthy, std::chrono::nanoseconds used) {
  line_.end(name, used);
  --running_;
  if (lengthy) --running_lengthy_;
  grant();
}

void fair_lane::stop() {
  ending_.request_stop();
  const std::lock_guard lock(mutex_);
  // Turns that end find nobody in the line.
  while (auto* entry = line_.next(true)) {
    line_.end(entry->name, {});
    auto* one = static_cast<waiter*>(entry);
    one->stopped = true;
    one->rest.wake();
  }
}

lane_use fair_lane::use() const {
  const std::lock_guard lock(mutex_);
  auto now = past_;
  now.running = running_;
  now.waiting = line_.waiting();
  return now;
}

}  // namespace dossier::base
