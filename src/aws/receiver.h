// Who takes an answer from the transport's thread: whole_answer keeps it all, streamed_answer hands it on.
#pragma once

#include <optional>
#include <string_view>

#include "aws/http.h"
#include "aws/transport.h"

namespace dossier::aws {

enum class taken { all, nothing_yet, too_much };

// All of it is called on the transport's thread, in this order, end() once and last.
class receiver {
 public:
  virtual ~receiver() = default;
  virtual void head(int status, headers all) = 0;
  // nothing_yet: the same bytes come again after curl_loop::resume(). too_much: the transfer ends.
  virtual taken bytes(std::string_view some) = 0;
  virtual void end(std::optional<transport_error> problem) = 0;
};

}  // namespace dossier::aws
