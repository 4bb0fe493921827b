// Whether it was the source that failed, and not the one who reads it: for the observer of a store, whose
// failure a client that goes away is not.
#pragma once

#include "base/byte_source.h"
#include "base/source_abilities.h"

namespace dossier::stores {

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

}  // namespace dossier::stores
