#include "base/fair_queue.h"

#include <algorithm>
#include <utility>

namespace dossier::base {
namespace {

using std::chrono::duration;
using std::chrono::nanoseconds;

// What a turn counts for until it has ended and is known, in seconds.
constexpr double presumed = 0.02;

}  // namespace

// Who has done nothing meanwhile has saved nothing up.
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

// Of its entries, the one that came last.
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
    // Who comes counts as if it waited already.
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
  --accounts_.at(one.name).waiting;
}

// The lines are short: they are looked through. Of equals, the one who came first.
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
  account.mark += duration<double>(used).count();
  --account.running;
}

// Of those who do nothing, the half that used least.
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

}  // namespace dossier::base
