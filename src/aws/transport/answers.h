// The receivers of answers. whole_answer keeps an answer in memory, up to a limit, and then resumes the
// caller that waits for it. streamed_answer lets its reader pull the body.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "aws/transport/curl_loop.h"
#include "aws/transport/transfer.h"
#include "base/byte_source.h"
#include "base/waiting.h"

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

// An answer whose body is pulled: a buffer of a bounded size between the transport's thread and the reader.
// When the buffer is full the transfer pauses, and so the sender does too.
class streamed_answer final : public receiver, public std::enable_shared_from_this<streamed_answer> {
 public:
  streamed_answer(std::shared_ptr<curl_loop> loop, std::size_t buffer,
                  base::resumption<sent<streamed_response>> resume);

  // The transfer that delivers the bytes. Set it before it starts.
  void set_transfer(std::shared_ptr<transfer> what) { transfer_ = std::move(what); }

  // Called on the transport's thread.
  void head(int status, headers all) override;
  taken bytes(std::string_view some) override;
  void end(std::optional<transport_error> problem) override;

  // Called by the reader.
  enum class state { bytes, ended, failed, waiting };
  // Moves the waiting bytes into `into`, whose old memory is reused.
  state take(std::string& into);
  // Calls `resume` as soon as there is something to take. Only one reader may wait.
  void wait(base::resumption<bool> resume);
  // Cancels the transfer, if it still runs.
  void let_go();
  const std::optional<transport_error>& problem() const { return problem_; }  // after `failed`

 private:
  void wake();
  bool ready() const { return !waiting_bytes_.empty() || ended_; }

  const std::shared_ptr<curl_loop> loop_;
  const std::size_t buffer_;
  std::shared_ptr<transfer> transfer_;
  base::resumption<sent<streamed_response>> resume_;  // waits for the head; on the transport's thread

  std::mutex mutex_;
  std::string waiting_bytes_;
  bool paused_ = false;
  bool ended_ = false;
  std::optional<transport_error> problem_;
  base::resumption<bool> reader_;
};

}  // namespace dossier::aws
