// A transport that gives the answers that a test wrote down, in order, and keeps the requests.
#pragma once

#include <deque>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "aws/transport/transport.h"

namespace dossier::fakes {

class scripted_transport final : public aws::transport {
 public:
  void answer(int status, std::string body) {
    answers_.push_back(aws::response{.status = status, .headers = {}, .body = std::move(body)});
  }
  void lose() {
    answers_.push_back(std::unexpected(aws::transport_error{aws::transport_problem::cut, "cut off"}));
  }
  // The bodies of the requests.
  const std::vector<std::string>& asked() const { return asked_; }
  std::size_t unused() const { return answers_.size(); }

  awaitable<aws::sent<aws::response>> send(aws::http_request request) override {
    std::string body(request.body ? request.body->size() : 0, '\0');
    if (request.body) request.body->read(0, std::as_writable_bytes(std::span(body)));
    asked_.push_back(std::move(body));
    if (answers_.empty()) throw std::logic_error("one call more than the test has answers for");
    auto next = std::move(answers_.front());
    answers_.pop_front();
    co_return next;
  }
  awaitable<aws::sent<aws::streamed_response>> open(aws::http_request) override {
    throw std::logic_error("nothing here is pulled");
    co_return aws::streamed_response{};
  }

 private:
  std::deque<aws::sent<aws::response>> answers_;
  std::vector<std::string> asked_;
};

}  // namespace dossier::fakes
