#include "stores/sql/read_budget.h"

#include <time.h>

#include <utility>

namespace dossier::stores::sql {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 250us;

std::chrono::nanoseconds used_by_this_thread() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

read_budget::read_budget(read_limits limits, std::function<bool()> given_up)
    : limits_(limits), given_up_(std::move(given_up)), next_look_(began_ + between_looks) {
  if (limits_.processor) processor_began_ = used_by_this_thread();
}

bool read_budget::is_over() {
  if (why_ != end::none) return true;
  const auto now = clock::now();
  if (now >= next_look_) look(now);
  return why_ != end::none;
}

void read_budget::look(clock::time_point now) {
  next_look_ = now + between_looks;
  if (given_up_ && given_up_()) {
    why_ = end::given_up;
  } else if (limits_.processor && used_by_this_thread() - processor_began_ >= *limits_.processor) {
    why_ = end::used_up;
  } else if (now - began_ >= limits_.wall) {
    why_ = end::late;
  }
}

}  // namespace dossier::stores::sql
