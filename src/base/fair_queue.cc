#include "base/fair_queue.h"

#include <algorithm>
#include <cmath>

namespace dossier::base {
namespace {

using std::chrono::duration;
using std::chrono::duration_cast;
using std::chrono::nanoseconds;

// What a turn counts for until it has ended and is known, in seconds.
constexpr double presumed = 0.02;

}  // namespace

double fair_queue::seconds_of(const account& one, time now) const {
  const auto past = duration<double>(now - one.at) / duration<double>(limits_.half_life);
  return one.seconds * std::exp2(-std::max(past, 0.0));
}

fair_queue::account& fair_queue::account_of(const std::string& name) {
  return accounts_[name];
}

double fair_queue::weight(const entry& one, time now) const {
  const auto& account = accounts_.at(one.name);
  return seconds_of(account, now) + presumed * static_cast<double>(account.running);
}

double fair_queue::weight_in_line(const account& one, time now) const {
  return seconds_of(one, now) + presumed * static_cast<double>(one.running + one.waiting);
}

// Of its entries, the one that came last.
fair_queue::entry* fair_queue::heaviest(time now) const {
  const auto found = std::ranges::max_element(line_.rbegin(), line_.rend(), {}, [&](const entry* one) {
    return weight_in_line(accounts_.at(one->name), now);
  });
  return found == line_.rend() ? nullptr : *found;
}

fair_queue::entry* fair_queue::join(entry& one, time now) {
  forget_some(now);
  auto& account = account_of(one.name);
  if (account.waiting >= limits_.waiting_each) return &one;
  entry* displaced = nullptr;
  if (line_.size() >= limits_.waiting) {
    displaced = heaviest(now);
    // Who comes counts as if it waited already.
    const double own = weight_in_line(account, now) + presumed;
    if (displaced == nullptr || weight_in_line(accounts_.at(displaced->name), now) <= own) return &one;
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
  --accounts_.at(one.name).waiting;
}

// The lines are short: they are looked through. Of equals, the one who came first.
fair_queue::entry* fair_queue::next(bool lengthy_too, time now) {
  entry* found = nullptr;
  double least = 0;
  for (auto* one : line_) {
    if (one->lengthy && !lengthy_too) continue;
    const double own = weight(*one, now);
    if (found != nullptr && own >= least) continue;
    found = one;
    least = own;
  }
  if (found == nullptr) return nullptr;
  take_out(*found);
  ++accounts_.at(found->name).running;
  return found;
}

void fair_queue::end(const std::string& name, nanoseconds used, time now) {
  auto& account = account_of(name);
  account.seconds = seconds_of(account, now) + duration<double>(used).count();
  account.at = now;
  if (account.running > 0) --account.running;
}

nanoseconds fair_queue::used(const std::string& name, time now) const {
  const auto found = accounts_.find(name);
  if (found == accounts_.end()) return {};
  return duration_cast<nanoseconds>(duration<double>(seconds_of(found->second, now)));
}

// Of those who do nothing, the half that used least.
void fair_queue::forget_some(time now) {
  if (accounts_.size() <= limits_.names) return;
  std::vector<std::pair<double, std::string>> idle;
  for (const auto& [name, account] : accounts_) {
    if (account.running == 0 && account.waiting == 0) idle.emplace_back(seconds_of(account, now), name);
  }
  const auto middle = idle.begin() + static_cast<std::ptrdiff_t>(idle.size() / 2);
  std::ranges::nth_element(idle, middle);
  for (auto each = idle.begin(); each != middle; ++each) accounts_.erase(each->second);
}

}  // namespace dossier::base
