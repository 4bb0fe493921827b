// Tells an observer of the calls to one store: how long each call took, and whether the store worked.
#pragma once

#include <chrono>
#include <string_view>
#include <utility>

#include "base/async.h"
#include "base/byte_source.h"
#include "base/observer.h"
#include "base/result.h"

namespace dossier::stores {

class observed_calls {
 public:
  // `store` must be a string literal, such as "objects". The observer may be empty.
  observed_calls(std::string_view store, base::call_observer observer)
      : store_(store), observer_(std::move(observer)) {}

  // `invalid` is the caller's fault, so it is not reported as a failure of the store.
  template <class Answer>
  awaitable<base::result<Answer>> run(const char* operation, awaitable<base::result<Answer>> work) const {
    const auto start = std::chrono::steady_clock::now();
    auto answer = co_await std::move(work);
    tell(operation, start, answer || answer.error().code == base::error_code::invalid);
    co_return answer;
  }

  // The same for work that pulls from a source. A failure of the source, for example because a client leaves
  // or sends too much, is not reported as a failure of the store. `work` must pull from the source that it is
  // given, not from `bytes`.
  template <class Work>
  awaitable<base::result<void>> run_pulling(const char* operation, base::byte_source& bytes,
                                            Work work) const {
    const auto start = std::chrono::steady_clock::now();
    remembering_source source(bytes);
    auto answer = co_await work(source);
    tell(operation, start, answer || source.failed());
    co_return answer;
  }

 private:
  // Remembers whether the source has failed.
  class remembering_source final : public base::byte_source, public base::waiting_source {
   public:
    explicit remembering_source(base::byte_source& bytes) : bytes_(bytes) {}
    awaitable<base::result<base::byte_view>> next() override {
      auto view = co_await bytes_.next();
      failed_ = !view;
      co_return view;
    }
    bool ready() const override { return base::is_ready(bytes_); }
    bool failed() const { return failed_; }

   private:
    base::byte_source& bytes_;
    bool failed_ = false;
  };

  void tell(const char* operation, std::chrono::steady_clock::time_point start, bool worked) const {
    if (observer_) observer_(store_, operation, std::chrono::steady_clock::now() - start, worked);
  }

  std::string_view store_;
  base::call_observer observer_;
};

}  // namespace dossier::stores
