// What one read may take: time by the clock, time of its thread's processor, and only as long as somebody
// waits for it. Looked at on the thread that reads, often; it looks at the costly clocks seldom.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

namespace dossier::stores::sql {

struct read_limits {
  std::chrono::nanoseconds wall{};
  std::optional<std::chrono::nanoseconds> processor = {};
};

class read_budget {
 public:
  enum class end { none, used_up, late, given_up };

  // Begins now, on this thread. `given_up` may be empty.
  explicit read_budget(read_limits limits, std::function<bool()> given_up = {});

  bool is_over();
  // By what it ended, if it did.
  end why() const { return why_; }

 private:
  using clock = std::chrono::steady_clock;
  void look(clock::time_point now);

  const read_limits limits_;
  const std::function<bool()> given_up_;
  const clock::time_point began_ = clock::now();
  clock::time_point next_look_;
  std::chrono::nanoseconds processor_began_{};  // on the thread's clock
  end why_ = end::none;
};

}  // namespace dossier::stores::sql
