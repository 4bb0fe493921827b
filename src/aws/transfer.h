// One request on its way, as the transport's thread sees it: a handle of libcurl with its callbacks.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "aws/answer_head.h"
#include "aws/curl_library.h"
#include "aws/http.h"
#include "aws/receiver.h"
#include "aws/transport.h"

namespace dossier::aws {

class transfer {
 public:
  using clock = std::chrono::steady_clock;

  transfer(http_request what, std::shared_ptr<receiver> to, bool download);
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  // From here on the transport's thread only.

  // Makes the handle; an error when the request cannot be sent as it is.
  std::optional<transport_error> prepare(const std::string& ca_bundle);
  CURL* handle() const { return handle_.get(); }
  bool download() const { return download_; }
  clock::time_point submitted() const { return submitted_; }

  // Which limit is over, or when to look again.
  struct verdict {
    std::optional<transport_error> over = {};
    clock::time_point look_again = clock::time_point::max();
  };
  verdict check_limits(clock::time_point now);
  void resume();  // after the receiver took nothing
  void detach();  // it is no longer libcurl's; the end follows
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
  bool answering_ = false;  // the first byte has come
  bool paused_ = false;
  std::optional<int> unsent_;  // what the kernel held when last looked
  clock::time_point last_moved_ = submitted_;
  std::size_t moved_since_ = 0;  // bytes, towards the next time that counts
  answer_head head_;
  std::optional<transport_error> own_problem_;
};

}  // namespace dossier::aws
