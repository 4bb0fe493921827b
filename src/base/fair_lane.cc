#include "base/fair_lane.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/expects.h"

namespace dossier::base {
namespace {

using std::chrono::duration;
using std::chrono::nanoseconds;

// How long a turn is assumed to take, in seconds, until it has ended and its real time is known.
constexpr double presumed = 0.02;

}  // namespace

// A name gains nothing from being idle: its mark is raised to the highest mark so far (reached_).
fair_queue::account& fair_queue::account_of(const std::string& name) {
  const auto [found, is_new] = accounts_.try_emplace(name);
  auto& account = found->second;
  if (is_new) {
    account.mark = reached_ + presumed;
  } else if (account.running == 0 && account.waiting == 0) {
    account.mark = std::max(account.mark, reached_);
  }
  return account;
}

double fair_queue::weight(const entry& one) const {
  const auto& account = accounts_.at(one.name);
  return account.mark + presumed * static_cast<double>(account.running);
}

double fair_queue::weight_in_line(const account& one) const {
  return one.mark + presumed * static_cast<double>(one.running + one.waiting);
}

// The newest entry of the name with the most weight.
fair_queue::entry* fair_queue::heaviest() const {
  const auto found = std::ranges::max_element(line_.rbegin(), line_.rend(), {}, [&](const entry* one) {
    return weight_in_line(accounts_.at(one->name));
  });
  return found == line_.rend() ? nullptr : *found;
}

fair_queue::entry* fair_queue::join(entry& one) {
  forget_some();
  auto& account = account_of(one.name);
  if (account.waiting >= limits_.waiting_each) return &one;
  entry* displaced = nullptr;
  if (line_.size() >= limits_.waiting) {
    displaced = heaviest();
    // The new entry counts as if it were waiting already.
    const double own = weight_in_line(account) + presumed;
    if (displaced == nullptr || weight_in_line(accounts_.at(displaced->name)) <= own) return &one;
    take_out(*displaced);
  }
  line_.push_back(&one);
  ++account.waiting;
  return displaced;
}

void fair_queue::leave(entry& one) {
  if (std::ranges::find(line_, &one) != line_.end()) take_out(one);
}

void fair_queue::take_out(entry& one) {
  std::erase(line_, &one);
  auto& account = accounts_.at(one.name);
  expects(account.waiting > 0, "a name with an entry in the line waits");
  --account.waiting;
}

// The line is short, so it is searched from start to end. Among entries of equal weight, the oldest is next.
fair_queue::entry* fair_queue::next(bool lengthy_too) {
  entry* found = nullptr;
  double least = 0;
  for (auto* one : line_) {
    if (one->lengthy && !lengthy_too) continue;
    const double own = weight(*one);
    if (found != nullptr && own >= least) continue;
    found = one;
    least = own;
  }
  if (found == nullptr) return nullptr;
  take_out(*found);
  auto& account = accounts_.at(found->name);
  reached_ = std::max(reached_, account.mark);
  ++account.running;
  return found;
}

void fair_queue::end(const std::string& name, nanoseconds used) {
  auto& account = accounts_.at(name);
  expects(account.running > 0, "a turn that ends has begun");
  account.mark += duration<double>(used).count();
  --account.running;
}

// When there are too many names, forgets the half of the idle ones that used least.
void fair_queue::forget_some() {
  if (accounts_.size() <= limits_.names) return;
  std::vector<std::pair<double, std::string>> idle;
  for (const auto& [name, account] : accounts_) {
    if (account.running == 0 && account.waiting == 0) idle.emplace_back(account.mark, name);
  }
  const auto middle = idle.begin() + static_cast<std::ptrdiff_t>(idle.size() / 2);
  std::ranges::nth_element(idle, middle);
  for (auto each = idle.begin(); each != middle; ++each) accounts_.erase(each->second);
}

namespace {

using namespace std::chrono_literals;

error busy() {
  return {error_code::unavailable, "Too many searches are running. Try again in a moment.", {}, 2s};
}

error hung_up() {
  return {error_code::timed_out, "The client has left."};
}

error stopping() {
  return {error_code::unavailable, "This server is stopping. Try again in a moment.", {}, 2s};
}

}  // namespace

// Only the lane changes these fields, under its lock.
struct fair_lane::waiter : fair_queue::entry {
  bool granted = false;
  bool displaced = false;
  bool stopped = false;
  sleeper rest;
};

// Removes the waiter from the line when the wait ends for any reason, even when its event loop is destroyed.
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

fair_lane::fair_lane(lane_limits limits) : limits_(limits), line_(limits.line) {
  expects(limits.places > 0, "a lane has places");
}

fair_lane::turn::~turn() {
  if (lane_ != nullptr) lane_->end(*this);
}

bool fair_lane::turn::is_given_up() const {
  return left_.stop_requested() || lane_->ending_.stop_requested();
}

error fair_lane::turn::given_up() const {
  expects(is_given_up(), "only a turn that is given up has this error");
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
  std::optional<turn> mine;  // destroyed after the lock is released
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

// The caller holds the lock.
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

// The caller holds the lock.
void fair_lane::give_back(const std::string& name, bool lengthy, std::chrono::nanoseconds used) {
  line_.end(name, used);
  expects(running_ > 0 && (!lengthy || running_lengthy_ > 0), "a place that is given back was taken");
  --running_;
  if (lengthy) --running_lengthy_;
  grant();
}

void fair_lane::stop() {
  ending_.request_stop();
  const std::lock_guard lock(mutex_);
  // The line is empty from now on: turns that end later grant no place.
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
