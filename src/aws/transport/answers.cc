#include "aws/transport/answers.h"

#include <utility>

#include "base/expects.h"

namespace dossier::aws {

void whole_answer::head(int status, headers all) {
  answer_.status = status;
  answer_.headers = std::move(all);
}

taken whole_answer::bytes(std::string_view some) {
  base::expects(answer_.body.size() <= limit_, "an answer stays within its limit");
  if (some.size() > limit_ - answer_.body.size()) return taken::too_much;
  answer_.body += some;
  return taken::all;
}

void whole_answer::end(std::optional<transport_error> problem) {
  if (problem) return resume_(std::unexpected(std::move(*problem)));
  resume_(std::move(answer_));
}

namespace {

base::error to_source_error(const transport_error& problem) {
  if (problem.problem == transport_problem::timed_out) {
    return {base::error_code::timed_out, "The object store was too slow."};
  }
  return {base::error_code::unavailable, "The object store broke off.", {}, std::chrono::seconds(1)};
}

class pulled_body final : public base::byte_source {
 public:
  explicit pulled_body(std::shared_ptr<streamed_answer> from) : from_(std::move(from)) {}
  ~pulled_body() override { from_->let_go(); }

  awaitable<base::result<base::byte_view>> next() override {
    for (;;) {
      switch (from_->take(buffer_)) {
        case streamed_answer::state::bytes:
          co_return std::as_bytes(std::span(buffer_));
        case streamed_answer::state::ended:
          co_return base::byte_view{};
        case streamed_answer::state::failed:
          co_return std::unexpected(to_source_error(*from_->problem()));
        case streamed_answer::state::waiting:
          break;
      }
      auto* from = from_.get();
      co_await base::suspend<bool>([from](base::resumption<bool> resume) { from->wait(std::move(resume)); },
                                   [from] { from->let_go(); });
    }
  }

 private:
  std::shared_ptr<streamed_answer> from_;
  std::string buffer_;
};

}  // namespace

streamed_answer::streamed_answer(std::shared_ptr<curl_loop> loop, std::size_t buffer,
                                 base::resumption<sent<streamed_response>> resume)
    : loop_(std::move(loop)), buffer_(buffer), resume_(std::move(resume)) {}

void streamed_answer::head(int status, headers all) {
  base::expects(resume_ != nullptr, "the head comes once, and before the end");
  streamed_response answer{status, std::move(all), std::make_unique<pulled_body>(shared_from_this())};
  std::exchange(resume_, nullptr)(std::move(answer));
}

taken streamed_answer::bytes(std::string_view some) {
  {
    const std::lock_guard lock(mutex_);
    if (!waiting_bytes_.empty() && waiting_bytes_.size() + some.size() > buffer_) {
      paused_ = true;
      return taken::nothing_yet;
    }
    waiting_bytes_ += some;
  }
  wake();
  return taken::all;
}

void streamed_answer::end(std::optional<transport_error> problem) {
  base::expects(!resume_ || problem, "without a head there is a problem");
  if (resume_) return std::exchange(resume_, nullptr)(std::unexpected(std::move(*problem)));
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    problem_ = std::move(problem);
  }
  wake();
}

void streamed_answer::wake() {
  base::resumption<bool> reader;
  {
    const std::lock_guard lock(mutex_);
    if (ready()) reader = std::exchange(reader_, nullptr);
  }
  if (reader) reader(true);
}

streamed_answer::state streamed_answer::take(std::string& into) {
  into.clear();
  bool resume = false;
  state found = state::bytes;
  {
    const std::lock_guard lock(mutex_);
    into.swap(waiting_bytes_);
    resume = std::exchange(paused_, false);
    if (into.empty()) found = !ended_ ? state::waiting : problem_ ? state::failed : state::ended;
  }
  if (resume) loop_->resume(transfer_);
  return found;
}

void streamed_answer::wait(base::resumption<bool> resume) {
  {
    const std::lock_guard lock(mutex_);
    if (!ready()) {
      base::expects(reader_ == nullptr, "only one reader waits");
      reader_ = std::move(resume);
      return;
    }
  }
  resume(true);
}

void streamed_answer::let_go() {
  loop_->cancel(transfer_);
}

}  // namespace dossier::aws
