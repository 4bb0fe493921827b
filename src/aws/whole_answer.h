// Keeps an answer in memory, up to a limit, and then resumes who waits for it.
#pragma once

#include <utility>

#include "aws/receiver.h"
#include "base/suspend.h"

namespace dossier::aws {

class whole_answer final : public receiver {
 public:
  whole_answer(std::size_t limit, base::resumption<sent<response>> resume)
      : limit_(limit), resume_(std::move(resume)) {}

  void head(int status, headers all) override;
  taken bytes(std::string_view some) override;
  void end(std::optional<transport_error> problem) override;

 private:
  std::size_t limit_;
  base::resumption<sent<response>> resume_;
  response answer_;
};

}  // namespace dossier::aws
