// Serves one connection: reads requests, calls the handler, writes answers, and enforces the time limits.
//
// A session is used only on its event loop. It sets a deadline for each wait. The loop regularly calls
// sweep(), which cancels a wait that is overdue. So no operation needs its own timer.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/expects.h"
#include "http/client_watch.h"
#include "http/input_buffer.h"
#include "http/loop_services.h"
#include "http/message.h"
#include "http/message_parser.h"
#include "http/response_head.h"
#include "http/transport.h"
#include "http/url.h"

namespace dossier::http {

class session {
 public:
  using clock = std::chrono::steady_clock;

  session(loop_services& services, std::unique_ptr<transport> connection, std::string peer, bool secure);
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  // Serves until the connection ends.
  awaitable<void> run();
  // Answers 503 without reading a request, because there are too many connections, and ends the connection.
  awaitable<void> turn_away();

  // Cancels the current wait if its deadline has passed.
  void sweep(clock::time_point now);
  // Ends the connection if it is idle. Otherwise it ends after the current answer, because `draining` is set.
  void let_go();
  // Ends the connection at once, even in the middle of a request.
  void cut();

 private:
  enum class waiting { nothing, idle, head, body, write, goodbye };
  // The request as the handler sees it. There is one object per connection, so that its strings keep their
  // memory.
  class incoming final : public request, private base::byte_source, private base::waiting_source {
   public:
    explicit incoming(session& owner) : owner_(owner) {}
    std::optional<std::string_view> header(std::string_view name) const override;
    base::byte_source& body() override { return *this; }
    base::caller caller() override;

   private:
    awaitable<base::result<base::byte_view>> next() override;
    bool ready() const override { return owner_.body_is_here(); }
    session& owner_;
  };
  struct head_outcome {
    bool whole = false;
    std::optional<refusal> problem;  // neither whole nor a problem: the connection ended
  };

  // Reading (session.cc).
  awaitable<bool> fill(waiting why, clock::time_point deadline);
  awaitable<head_outcome> read_head(bool first);
  awaitable<base::result<base::byte_view>> next_body();
  bool body_is_here() const;
  void make_room_for_body();
  awaitable<bool> tell_to_go_on();
  clock::duration body_patience() const;
  std::optional<std::uint64_t> body_left() const;
  bool skip_buffered_body();
  awaitable<bool> drain_body();

  // One request (session.cc).
  void name_request();
  bool prepare_request();
  awaitable<bool> serve_one();
  awaitable<response> ask_handler();
  std::stop_token watch_client();
  awaitable<void> refuse(refusal problem);
  response error_page(unsigned status, std::string_view message);
  bool may_keep(const response& answer);
  void report(const response& answer, clock::time_point began);
  awaitable<void> say_goodbye(bool linger);

  // Writing (session_write.cc).
  awaitable<bool> send(response& answer, bool keep);
  awaitable<bool> send_stream(response& answer, head_facts facts);
  awaitable<bool> send_file(base::byte_source& source, base::file_region region);
  awaitable<bool> write(std::string_view head, std::string_view body, std::string_view tail = {},
                        bool more = false);
  void begin_write();
  bool still_moves(clock::time_point now);

  loop_services& services_;
  std::unique_ptr<transport> connection_;
  std::string peer_;  // the address of the connection, without port
  input_buffer in_;
  bool filled_ = false;  // the last read filled all the room that it was given
  std::string out_;
  message_parser parser_;
  split_target target_;
  incoming request_;
  asio::any_io_executor loop_;
  std::shared_ptr<client_watch> watch_;  // set while the handler watches whether the client is there

  waiting waiting_ = waiting::nothing;
  clock::time_point deadline_;
  std::optional<std::size_t> last_unsent_;
  bool overdue_ = false;  // the last wait was cancelled by sweep()
  bool cut_ = false;

  // The state of the current request.
  bool continue_owed_ = false;  // the client waits for 100 Continue
  bool broken_ = false;         // the rest of the input cannot be read
  clock::duration waited_{};    // how long the session waited for its body
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
};

}  // namespace dossier::http
