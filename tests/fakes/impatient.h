// What a client of AWS needs in a test besides a transport: no waits between attempts, and an endpoint.
#pragma once

#include "aws/client.h"
#include "aws/request.h"

namespace dossier::fakes {

class impatient final : public aws::waiter {
 public:
  awaitable<void> wait(std::chrono::milliseconds) override { co_return; }
};

inline aws::endpoint nowhere() {
  return {.scheme = "http", .host = "memory", .region = "eu-north-1", .custom = true};
}

}  // namespace dossier::fakes
