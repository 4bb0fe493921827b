#include "web/rate_limits.h"

#include <algorithm>
#include <vector>

#include "base/expects.h"

namespace dossier::web {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds minute = 1min;

std::chrono::nanoseconds share(unsigned a_minute) {
  return a_minute == 0 ? 0ns : minute / a_minute;
}

}  // namespace

std::string_view to_string(counted kind) {
  switch (kind) {
    case counted::never:
      return "-";
    case counted::intake:
      return "intake";
    case counted::sign_in:
      return "sign_in";
    case counted::search:
      return "search";
    case counted::api:
      return "api";
  }
  base::not_reached();
}

rate_limiter::rate_limiter(request_rates rates) {
  const auto set = [this](counted kind, unsigned rate) {
    buckets_.at(static_cast<std::size_t>(kind)).each = share(rate);
  };
  set(counted::intake, rates.intake);
  set(counted::sign_in, rates.sign_in);
  set(counted::search, rates.search);
  set(counted::api, rates.api);
}

std::optional<std::chrono::seconds> rate_limiter::take(counted kind, const std::string& client, time now) {
  auto& of = buckets_.at(static_cast<std::size_t>(kind));
  if (of.each == 0ns) return std::nullopt;
  const std::lock_guard lock(of.mutex);
  auto at = of.paid_until.find(client);
  if (at == of.paid_until.end()) {
    if (of.paid_until.size() >= most_clients) make_room(of, now);
    at = of.paid_until.emplace(client, now).first;
  }
  const auto next = std::max(at->second, now) + of.each;
  if (next - now > minute) return std::max(1s, std::chrono::ceil<std::chrono::seconds>(next - now - minute));
  at->second = next;
  return std::nullopt;
}

// Those who owe nothing are as new; if that is not enough, those go who used least.
void rate_limiter::make_room(bucket& of, time now) {
  std::erase_if(of.paid_until, [now](const auto& one) { return one.second <= now; });
  if (of.paid_until.size() < most_clients) return;
  std::vector<time> times;
  times.reserve(of.paid_until.size());
  for (const auto& [client, until] : of.paid_until) times.push_back(until);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  std::erase_if(of.paid_until, [limit = *middle](const auto& one) { return one.second <= limit; });
}

std::size_t rate_limiter::clients(counted kind) const {
  const auto& of = buckets_.at(static_cast<std::size_t>(kind));
  const std::lock_guard lock(of.mutex);
  return of.paid_until.size();
}

}  // namespace dossier::web
