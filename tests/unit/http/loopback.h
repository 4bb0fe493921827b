// A server on loopback with a handler for tests, and a client that writes raw bytes and reads what comes.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.h"

namespace dossier::http {

// One answer as a client sees it.
struct answer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  bool whole = false;  // its framing says that all of it came
};

// Blocking, with a time limit on each operation, so that a test fails rather than hangs.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port, int receive_buffer = 0);
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  // False when the server has closed.
  bool send(std::string_view bytes);
  void finish();  // the client's side of the connection ends
  answer receive(bool head_request = false);
  // All until the server closes.
  std::string receive_all();
  // Whether the server closed, orderly or not, without another byte.
  bool closed();
  int descriptor() const { return socket_; }

 private:
  bool more();

  int socket_;
  std::string buffer_;
};

class test_server final : public handler {
 public:
  explicit test_server(server_limits limits = {}, std::string certificate_file = {},
                       std::string key_file = {}, unsigned threads = 2);
  ~test_server() override;

  std::uint16_t port() const { return server_->port(); }
  http::server& operator*() { return *server_; }

  // The paths it knows:
  //   /hello          "hello"
  //   /echo           the request's body, its length and what the request says of itself
  //   /unread         413 without reading the body
  //   /size           how many bytes the body has, or its error (400, 408)
  //   /chunks         a stream of unknown length: 3 pieces
  //   /short, /fails  a stream that ends too early, fails after its first piece; /fails-first before it
  //   /file           a file, from its 10th byte on; /big a stream of 64 MiB
  //   /text           5,000 letters; /static the same, static, with an ETag; /version the same with an ETag
  //   /wait           once release() was called
  //   /burn           after two milliseconds of work; /burnt how often that was done
  //   /throw          throws; /split sets a header with a line end in it; /none answers 204, /same 304
  awaitable<response> handle(request& req) override;
  response error_page(unsigned status, std::string_view message, std::string_view id,
                      std::string_view accept) override;

  void release() { released_ = true; }
  // How many requests are in /wait now.
  int waiting() const { return waiting_; }
  // What the observer was told so far: "GET /echo 200".
  std::vector<std::string> exchanges();

 private:
  std::atomic<bool> released_ = false;
  std::atomic<int> waiting_ = 0;
  std::atomic<int> burnt_ = 0;
  std::mutex mutex_;
  std::vector<std::string> exchanges_;
  std::unique_ptr<server> server_;
};

// Waits until the condition holds, at most ten seconds; returns whether it did.
bool eventually(const std::function<bool()>& holds);

std::string get(std::string_view path, std::string_view headers = "");

}  // namespace dossier::http
