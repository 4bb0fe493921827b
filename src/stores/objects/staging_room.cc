#include "stores/objects/staging_room.h"

#include <algorithm>
#include <deque>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/expects.h"

namespace dossier::stores {
namespace {

using time_point = staging_room::clock::time_point;

// How often a waiter looks for parts that have become slow.
constexpr std::chrono::milliseconds between_looks{250};
// A slow part that has grown within this time is not given up for another slow one.
constexpr std::chrono::milliseconds standing_still{1'000};
constexpr std::size_t waiters_at_ease = 32;

struct waiter {
  waiter(const asio::any_io_executor& on, std::uint64_t wanted) : timer(on), amount(wanted) {}
  asio::steady_timer timer;  // on the waiter's own loop; cancelled when its turn comes
  std::uint64_t amount;
  bool granted = false;
};

using freeing = std::vector<std::function<void()>>;

}  // namespace

// What one part has: `room` is counted as taken, and `used` of it is filled.
struct staging_room::place {
  std::uint64_t size = 0;
  std::uint64_t room = 0;
  std::uint64_t used = 0;
  enum class lane { fast, slow, sealed, given_up } where = lane::fast;
  time_point moved = clock::now();
  std::chrono::nanoseconds waited{};  // for the client
  std::optional<time_point> waiting_since;
  std::function<void()> free_bytes;
};

struct staging_room::state {
  state(std::uint64_t all, patience with) : limit(all), patient(with) {}

  // All member functions are called under the mutex. The functions in `freeing` are called without it.

  void add(const std::shared_ptr<place>& one) {
    taken += one->room;
    filling.push_back(one);
  }
  void remove(place& one) {
    base::expects(one.room <= taken, "no more is given back than was taken");
    taken -= one.room;
    if (one.where == place::lane::slow) slow -= one.room;
    one.room = 0;
    std::erase_if(filling, [&](const auto& each) { return each.get() == &one; });
  }

  // Whether its client stands still or sends too little. The longer the line, the sooner a client counts as
  // late.
  bool is_late(const place& one, time_point now) const {
    const auto least = patient.least / static_cast<std::int64_t>(1 + line.size() / waiters_at_ease);
    const auto standing = one.waiting_since ? now - *one.waiting_since : std::chrono::nanoseconds(0);
    if (standing > least) return true;
    const auto waited = std::chrono::duration<double>(one.waited + standing);
    return waited > 2 * least &&
           static_cast<double>(one.used) < waited.count() * static_cast<double>(patient.rate);
  }
  void slow_down(place& one) {
    taken -= one.room - one.used;
    one.room = one.used;
    one.where = place::lane::slow;
    slow += one.room;
  }
  void give_up(place& one, freeing& freed) {
    remove(one);
    one.where = place::lane::given_up;
    if (one.free_bytes) freed.push_back(std::exchange(one.free_bytes, nullptr));
  }
  // The slow part, other than `but`, that has not grown for the longest time; null: there is none.
  place* most_idle(const place* but = nullptr) const {
    place* found = nullptr;
    for (const auto& each : filling) {
      if (each->where != place::lane::slow || each.get() == but) continue;
      if (found == nullptr || each->moved < found->moved) found = each.get();
    }
    return found;
  }
  // Called while somebody waits. Parts that have become slow keep only the room that they use, and all slow
  // parts together keep at most half of the disk.
  freeing make_room(time_point now) {
    freeing freed;
    for (const auto& each : filling) {
      if (each->where == place::lane::fast && is_late(*each, now)) slow_down(*each);
    }
    while (slow > limit / 2) {
      place* idle = most_idle();
      base::expects(idle != nullptr, "what slow parts have belongs to one of them");
      give_up(*idle, freed);
    }
    serve();
    return freed;
  }
  // Whether a slow part may take more: as long as slow parts have at most half of the disk, or if it is the
  // only slow part. To make room, gives up other slow parts that stand still.
  bool may_grow(const place& one, std::uint64_t more, time_point now, freeing& freed) {
    while (slow + more > limit / 2) {
      place* other = most_idle(&one);
      if (other == nullptr) return true;
      if (now - other->moved < standing_still) return false;
      give_up(*other, freed);
    }
    return true;
  }
  void grow(place& one, std::uint64_t more, time_point now) {
    one.room += more;
    slow += more;
    fill(one, more, now);
  }
  static void fill(place& one, std::uint64_t more, time_point now) {
    base::expects(more <= one.room - one.used, "a part has room for what is written to it");
    one.used += more;
    one.moved = now;
  }
  // Grants what the waiters at the front asked for, and wakes them on their own loops.
  void serve() {
    base::expects(taken <= limit && slow <= taken, "no more is taken than there is");
    while (!line.empty() && line.front()->amount <= limit - taken) {
      const auto first = std::move(line.front());
      line.pop_front();
      taken += first->amount;
      first->granted = true;
      asio::post(first->timer.get_executor(), [first] { first->timer.cancel(); });
    }
  }

  std::mutex mutex;
  const std::uint64_t limit;
  const patience patient;
  std::uint64_t taken = 0;
  std::uint64_t slow = 0;  // of `taken`, by slow parts
  std::list<std::shared_ptr<place>> filling;
  std::deque<std::shared_ptr<waiter>> line;
};

// The place of a waiting coroutine in the line. The destructor leaves the line, or gives back what was
// granted and not claimed.
class staging_room::place_in_line {
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

  // While it waits, it looks now and then for parts that have become slow.
  awaitable<bool> granted_within(std::chrono::milliseconds time) {
    const auto end = clock::now() + time;
    for (;;) {
      make_room();
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now());
      who_->timer.expires_after(std::min(std::max(left, std::chrono::milliseconds(0)), between_looks));
      if (granted()) co_return true;
      if (left <= std::chrono::milliseconds(0)) co_return false;
      boost::system::error_code woken;
      co_await who_->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
  }

  // Adds the granted room to a slow part; false: the part was given up meanwhile.
  bool claim_for(place& one) {
    const std::lock_guard lock(in_->mutex);
    if (one.where != place::lane::slow) return false;
    in_->grow(one, std::exchange(who_->amount, 0), clock::now());
    return true;
  }
  // Turns the granted room into the room of a new part.
  std::shared_ptr<place> claim() {
    const std::lock_guard lock(in_->mutex);
    auto mine = std::make_shared<place>();
    mine->size = mine->room = who_->amount;
    in_->filling.push_back(mine);
    who_->amount = 0;
    return mine;
  }

 private:
  bool granted() const {
    const std::lock_guard lock(in_->mutex);
    return who_->granted;
  }
  void make_room() {
    freeing freed;
    {
      const std::lock_guard lock(in_->mutex);
      freed = in_->make_room(clock::now());
    }
    for (auto& each : freed) each();
  }
  std::shared_ptr<state> in_;
  std::shared_ptr<waiter> who_;
};

staging_room::staging_room(std::uint64_t limit, patience with)
    : state_(std::make_shared<state>(limit, with)) {}

staging_room::~staging_room() = default;

staging_room::share::share(std::shared_ptr<state> from, std::shared_ptr<place> mine)
    : from_(std::move(from)), mine_(std::move(mine)) {}

staging_room::share& staging_room::share::operator=(share&& other) noexcept {
  std::swap(from_, other.from_);
  std::swap(mine_, other.mine_);
  return *this;
}

staging_room::share::~share() {
  if (!mine_) return;
  const std::lock_guard lock(from_->mutex);
  from_->remove(*mine_);
  from_->serve();
}

void staging_room::share::begin_waiting() {
  const std::lock_guard lock(from_->mutex);
  mine_->waiting_since = clock::now();
}

void staging_room::share::end_waiting() {
  const std::lock_guard lock(from_->mutex);
  mine_->waited += clock::now() - mine_->waiting_since.value_or(clock::now());
  mine_->waiting_since.reset();
}

awaitable<bool> staging_room::share::use(std::uint64_t more, std::chrono::milliseconds time) {
  base::expects(mine_ != nullptr, "a share that is used belongs to a part");
  const auto from = from_;
  const auto mine = mine_;
  freeing freed;
  std::optional<bool> known;
  {
    const std::lock_guard lock(from->mutex);
    const auto now = clock::now();
    if (mine->where == place::lane::fast) {
      state::fill(*mine, more, now);
      known = true;
    } else if (mine->where != place::lane::slow || !from->may_grow(*mine, more, now, freed)) {
      known = false;
    } else if (from->line.empty() && more <= from->limit - from->taken) {
      from->taken += more;
      from->grow(*mine, more, now);
      known = true;
    }
    from->serve();
  }
  for (auto& each : freed) each();
  if (known) co_return *known;
  place_in_line place(from, std::make_shared<waiter>(co_await asio::this_coro::executor, more));
  co_return co_await place.granted_within(time) && place.claim_for(*mine);
}

bool staging_room::share::seal() {
  const std::lock_guard lock(from_->mutex);
  if (mine_->where == place::lane::given_up) return false;
  const auto rest = mine_->room - mine_->used;
  if (mine_->where == place::lane::slow) from_->slow -= mine_->room;
  mine_->where = place::lane::sealed;
  mine_->room -= rest;
  mine_->free_bytes = nullptr;
  from_->taken -= rest;
  from_->serve();
  return true;
}

void staging_room::share::on_given_up(std::function<void()> free_bytes) {
  const std::lock_guard lock(from_->mutex);
  mine_->free_bytes = std::move(free_bytes);
}

awaitable<std::optional<staging_room::share>> staging_room::take_within(std::chrono::milliseconds time,
                                                                        std::uint64_t amount) {
  const auto from = state_;
  amount = std::min(amount, from->limit);
  {
    const std::lock_guard lock(from->mutex);
    if (from->line.empty() && amount <= from->limit - from->taken) {
      auto mine = std::make_shared<place>();
      mine->size = mine->room = amount;
      from->add(mine);
      co_return share(from, std::move(mine));
    }
  }
  place_in_line mine(from, std::make_shared<waiter>(co_await asio::this_coro::executor, amount));
  if (!co_await mine.granted_within(time)) co_return std::nullopt;
  co_return share(from, mine.claim());
}

std::uint64_t staging_room::limit() const {
  return state_->limit;
}

std::uint64_t staging_room::taken() const {
  const std::lock_guard lock(state_->mutex);
  return state_->taken;
}

std::size_t staging_room::waiting() const {
  const std::lock_guard lock(state_->mutex);
  return state_->line.size();
}

}  // namespace dossier::stores
