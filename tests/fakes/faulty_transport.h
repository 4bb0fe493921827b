// Which call to AWS goes wrong, and how: below the client, which sees that and tries again. One plan may be
// shared by several transports: together they count the calls 0, 1, 2, …
//
//   call_plan plan;
//   faulty_transport calls(s3, plan);
//   plan.fail_at(4, {call_fault::timed_out_after, 3});  // the calls 4, 5 and 6
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "aws/transport/transport.h"

namespace dossier::fakes {

enum class call_fault {
  refused,          // no connection
  timed_out,        // nothing happened
  timed_out_after,  // it happened, and no answer came
  timed_out_late,   // no answer came; it happens later, when the test calls land()
  failing,          // 500; nothing happened
  failing_after,    // 500, and it happened
  throttled,        // 503 SlowDown; of DynamoDB: ProvisionedThroughputExceededException
  cut,              // it happened; the connection broke half way through the answer
  half,             // it happened; half of the answer came, as if it were all of it
};

struct call_faults {
  call_fault kind = call_fault::refused;
  int calls = 1;  // how many in a row go wrong
};
inline constexpr int all_from_here = std::numeric_limits<int>::max() / 2;

// To be used on one thread.
class call_plan {
 public:
  // Counts from 0 again.
  void fail_at(int n, call_faults how) {
    first_ = n;
    how_ = how;
    active_ = true;
    count_ = 0;
    where_.clear();
  }
  // Nothing goes wrong from here. fired() and where() stay as they are.
  void clear() { active_ = false; }
  bool fired() const { return !where_.empty(); }
  const std::string& where() const { return where_; }  // the first call that went wrong
  int count() const { return count_; }

  // Whether the call that is about to be made goes wrong.
  const call_fault* next(const std::string& call) {
    const int number = count_++;
    if (!active_ || number < first_ || number - first_ >= how_.calls) return nullptr;
    if (where_.empty()) where_ = call;
    return &how_.kind;
  }

 private:
  int first_ = 0;
  call_faults how_;
  bool active_ = false;
  int count_ = 0;
  std::string where_;
};

class faulty_transport final : public aws::transport {
 public:
  faulty_transport(aws::transport& real, call_plan& plan) : real_(real), plan_(plan) {}

  awaitable<aws::sent<aws::response>> send(aws::http_request request) override;
  awaitable<aws::sent<aws::streamed_response>> open(aws::http_request request) override;
  // Lets the calls happen that timed out and are still on their way. Answers how many there were.
  awaitable<std::size_t> land();

 private:
  aws::transport& real_;
  call_plan& plan_;
  std::vector<aws::http_request> late_;
};

}  // namespace dossier::fakes
