// Answers as a test says, and remembers what was asked.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "aws/transport/transport.h"

namespace dossier::aws {

// Gives the whole text at once, then the end.
class memory_body final : public base::byte_source {
 public:
  explicit memory_body(std::string text) : text_(std::move(text)) {}
  awaitable<base::result<base::byte_view>> next() override {
    given_ = std::exchange(text_, {});
    co_return std::as_bytes(std::span(given_));
  }

 private:
  std::string text_, given_;
};

class scripted_transport final : public transport {
 public:
  using script = std::function<sent<response>(const http_request&)>;
  explicit scripted_transport(script each) : each_(std::move(each)) {}

  awaitable<sent<response>> send(http_request request) override {
    asked.push_back(request);
    co_return each_(request);
  }
  awaitable<sent<streamed_response>> open(http_request request) override {
    asked.push_back(request);
    auto answer = each_(request);
    if (!answer) co_return std::unexpected(answer.error());
    co_return streamed_response{answer->status, answer->headers, std::make_unique<memory_body>(answer->body)};
  }

  std::vector<http_request> asked;

 private:
  script each_;
};

// Gives the next of these answers each time, and the last one again and again.
inline scripted_transport::script one_after_another(std::vector<sent<response>> answers) {
  return [answers = std::move(answers), at = std::size_t{0}](const http_request&) mutable {
    return answers[std::min(at++, answers.size() - 1)];
  };
}

inline sent<response> failing(transport_problem problem) {
  return std::unexpected(transport_error{problem, "as the test wants it"});
}

}  // namespace dossier::aws
