#include "aws/whole_answer.h"

namespace dossier::aws {

void whole_answer::head(int status, headers all) {
  answer_.status = status;
  answer_.headers = std::move(all);
}

taken whole_answer::bytes(std::string_view some) {
  if (some.size() > limit_ - answer_.body.size()) return taken::too_much;
  answer_.body += some;
  return taken::all;
}

void whole_answer::end(std::optional<transport_error> problem) {
  if (problem) return resume_(std::unexpected(std::move(*problem)));
  resume_(std::move(answer_));
}

}  // namespace dossier::aws
