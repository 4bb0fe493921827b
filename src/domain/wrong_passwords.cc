#include "domain/wrong_passwords.h"

#include <algorithm>

namespace dossier::domain {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_pairs = 10'000;
constexpr auto longest_pause = 900s;
constexpr auto forgotten_after = 1h;

}  // namespace

std::chrono::seconds wrong_passwords::pause_after(int count, int free_tries) {
  if (count < free_tries) return 0s;
  return std::min<std::chrono::seconds>(longest_pause, 1s * (1 << std::min(count - free_tries, 16)));
}

std::chrono::seconds wrong_passwords::wait(const std::string& pair, time now) const {
  const std::lock_guard lock(mutex_);
  const auto found = pairs_.find(pair);
  if (found == pairs_.end()) return 0s;
  const auto until = found->second.last + pause_after(found->second.count);
  return now >= until ? 0s : std::chrono::ceil<std::chrono::seconds>(until - now);
}

void wrong_passwords::add(const std::string& pair, time now) {
  const std::lock_guard lock(mutex_);
  if (!pairs_.contains(pair)) make_room(now);
  auto& one = pairs_[pair];
  if (one.count > 0 && now - one.last > forgotten_after) one.count = 0;
  one.last = now;
  ++one.count;
}

void wrong_passwords::take_back(const std::string& pair) {
  const std::lock_guard lock(mutex_);
  const auto found = pairs_.find(pair);
  if (found != pairs_.end() && --found->second.count <= 0) pairs_.erase(found);
}

void wrong_passwords::forget(const std::string& pair) {
  const std::lock_guard lock(mutex_);
  pairs_.erase(pair);
}

std::size_t wrong_passwords::size() const {
  const std::lock_guard lock(mutex_);
  return pairs_.size();
}

void wrong_passwords::make_room(time now) {
  if (pairs_.size() < most_pairs) return;
  std::erase_if(pairs_, [now](const auto& one) { return now - one.second.last > forgotten_after; });
  if (pairs_.size() < most_pairs) return;
  pairs_.erase(std::ranges::min_element(pairs_, {}, [](const auto& one) { return one.second.last; }));
}

}  // namespace dossier::domain
