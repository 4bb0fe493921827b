#include "stores/objects/quota.h"

#include <algorithm>
#include <deque>
#include <mutex>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/expects.h"

namespace dossier::stores {
namespace {

struct waiter {
  waiter(const asio::any_io_executor& on, std::chrono::steady_clock::time_point end, std::uint64_t wanted)
      : timer(on, end), amount(wanted) {}
  asio::steady_timer timer;  // on the waiter's own loop; cancelled when its turn comes
  std::uint64_t amount;
  bool granted = false;
};

}  // namespace

struct quota::state {
  explicit state(std::uint64_t all) : limit(all) {}

  // Under the mutex: grants what the waiters at the front asked for, and wakes them on their own loops.
  void serve() {
    base::expects(taken <= limit, "no more is taken than there is");
    while (!line.empty() && line.front()->amount <= limit - taken) {
      const auto first = std::move(line.front());
      line.pop_front();
      taken += first->amount;
      first->granted = true;
      asio::post(first->timer.get_executor(), [first] { first->timer.cancel(); });
    }
  }
  void give_back(std::uint64_t amount) {
    const std::lock_guard lock(mutex);
    base::expects(amount <= taken, "no more is given back than was taken");
    taken -= amount;
    serve();
  }

  std::mutex mutex;
  const std::uint64_t limit;
  std::uint64_t taken = 0;
  std::deque<std::shared_ptr<waiter>> line;
};

// The place of a waiting coroutine in the line. The destructor leaves the line, or gives back what was
// granted and not claimed.
class quota::place_in_line {
 public:
  place_in_line(std::shared_ptr<state> in, std::shared_ptr<waiter> who)
      : in_(std::move(in)), who_(std::move(who)) {
    const std::lock_guard lock(in_->mutex);
    in_->line.push_back(who_);
    in_->serve();
  }
  ~place_in_line() {
    const std::lock_guard lock(in_->mutex);
    if (who_->granted) {
      in_->taken -= who_->amount;
    } else {
      std::erase(in_->line, who_);
    }
    in_->serve();
  }
  place_in_line(const place_in_line&) = delete;
  place_in_line& operator=(const place_in_line&) = delete;

  asio::steady_timer& timer() { return who_->timer; }
  bool granted() const {
    const std::lock_guard lock(in_->mutex);
    return who_->granted;
  }
  std::uint64_t claim() {
    const std::lock_guard lock(in_->mutex);
    return std::exchange(who_->amount, 0);
  }

 private:
  std::shared_ptr<state> in_;
  std::shared_ptr<waiter> who_;
};

quota::share::share(std::shared_ptr<state> from, std::uint64_t amount)
    : from_(std::move(from)), amount_(amount) {}

quota::share::share(share&& other) noexcept
    : from_(std::move(other.from_)), amount_(std::exchange(other.amount_, 0)) {}

quota::share& quota::share::operator=(share&& other) noexcept {
  std::swap(from_, other.from_);
  std::swap(amount_, other.amount_);
  return *this;
}

quota::share::~share() {
  if (amount_ > 0) from_->give_back(amount_);
}

void quota::share::shrink(std::uint64_t to) {
  if (to >= amount_) return;
  base::expects(from_ != nullptr, "a share that is given back was taken");
  from_->give_back(amount_ - to);
  amount_ = to;
}

quota::quota(std::uint64_t limit) : state_(std::make_shared<state>(limit)) {}

quota::~quota() = default;

awaitable<std::optional<quota::share>> quota::take_until(instant end, std::uint64_t amount) {
  const auto from = state_;
  amount = std::min(amount, from->limit);
  {
    const std::lock_guard lock(from->mutex);
    if (from->line.empty() && amount <= from->limit - from->taken) {
      from->taken += amount;
      co_return share(from, amount);
    }
  }
  place_in_line place(from, std::make_shared<waiter>(co_await asio::this_coro::executor, end, amount));
  while (!place.granted()) {
    boost::system::error_code woken;
    co_await place.timer().async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (!woken && !place.granted()) co_return std::nullopt;
  }
  co_return share(from, place.claim());
}

awaitable<quota::share> quota::take(std::uint64_t amount) {
  auto mine = co_await take_until(instant::max(), amount);
  base::expects(mine.has_value(), "a wait without an end ends with a share");
  co_return std::move(*mine);
}

awaitable<std::optional<quota::share>> quota::take_within(std::chrono::milliseconds time,
                                                          std::uint64_t amount) {
  return take_until(std::chrono::steady_clock::now() + time, amount);
}

std::uint64_t quota::limit() const {
  return state_->limit;
}

std::uint64_t quota::taken() const {
  const std::lock_guard lock(state_->mutex);
  return state_->taken;
}

std::size_t quota::waiting() const {
  const std::lock_guard lock(state_->mutex);
  return state_->line.size();
}

}  // namespace dossier::stores
