// One running request on the transport's thread: a handle of libcurl with its callbacks.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "aws/transport/curl_library.h"
#include "aws/transport/transport.h"

namespace dossier::aws {

// How much a receiver took of some bytes of an answer.
enum class taken { all, nothing_yet, too_much };

// Receives an answer: whole_answer keeps it all, streamed_answer passes it on (answers.h). Its functions are
// called on the transport's thread in this order, end() once and last. A transfer that fails may have no
// head().
class receiver {
 public:
  virtual ~receiver() = default;
  virtual void head(int status, headers all) = 0;
  // nothing_yet: the same bytes come again after curl_loop::resume(). too_much: the transfer ends.
  virtual taken bytes(std::string_view some) = 0;
  virtual void end(std::optional<transport_error> problem) = 0;
};

// Reads the head of an answer, line by line as libcurl delivers it. Pure.
class answer_head {
 public:
  enum class progress { goes_on, complete, too_large };
  // Takes one line, with its line end. After an interim answer (1xx), another head follows and replaces it.
  progress take(std::string_view line);
  int status() const { return status_; }
  bool complete() const { return complete_; }
  headers take_headers() { return std::move(headers_); }

 private:
  int status_ = 0;
  headers headers_;
  std::size_t bytes_ = 0;
  bool complete_ = false;
};

class transfer {
 public:
  using clock = std::chrono::steady_clock;

  transfer(http_request what, std::shared_ptr<receiver> to, bool download);
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  // The functions below are called only on the transport's thread.

  // Makes the handle; an error when the request cannot be sent as it is.
  std::optional<transport_error> prepare(const std::string& ca_bundle);
  CURL* handle() const { return handle_.get(); }
  bool download() const { return download_; }
  clock::time_point submitted() const { return submitted_; }

  // The limit that has passed, or when to check again.
  struct verdict {
    std::optional<transport_error> over = {};
    clock::time_point look_again = clock::time_point::max();
  };
  verdict check_limits(clock::time_point now);
  void resume();  // after the receiver returned nothing_yet
  void detach();  // after its removal from libcurl; end() follows
  void end(CURLcode code);
  void end(transport_error problem);

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    libcurl().curl_easy_setopt(handle_.get(), option, value);
  }
  void set_request();
  void set_connection(const std::string& ca_bundle);
  bool set_headers();
  void moved(std::size_t bytes);
  std::size_t send_some(std::span<std::byte> into);
  std::size_t take_header(std::string_view line);
  std::size_t take_body(std::string_view some);
  std::optional<int> unsent_bytes() const;

  static std::size_t on_read(char* into, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static std::size_t on_header(char* from, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* from, std::size_t size, std::size_t count, void* self);
  static int on_connected(void* self, char*, char*, int, int);

  struct free_handle {
    void operator()(CURL* handle) const { libcurl().curl_easy_cleanup(handle); }
  };
  struct free_list {
    void operator()(curl_slist* list) const { libcurl().curl_slist_free_all(list); }
  };

  http_request what_;
  std::shared_ptr<receiver> to_;
  bool download_;
  clock::time_point submitted_ = clock::now();
  std::unique_ptr<curl_slist, free_list> lines_;
  std::array<char, CURL_ERROR_SIZE> complaint_{};
  std::unique_ptr<CURL, free_handle> handle_;

  std::uint64_t sent_ = 0;  // bytes of the body
  bool connected_ = false;
  bool answering_ = false;  // the first byte of the answer has arrived
  bool paused_ = false;
  std::optional<int> unsent_;  // what the kernel held at the last check
  clock::time_point last_moved_ = submitted_;
  std::size_t moved_since_ = 0;  // bytes since last_moved_
  answer_head head_;
  std::optional<transport_error> own_problem_;
};

}  // namespace dossier::aws
