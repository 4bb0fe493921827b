// A server that behaves as badly as a test wants: a script per connection, over TCP or TLS, on a free port of
// loopback.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace dossier::fakes {

struct raw_request {
  std::string head;  // with the empty line; empty: the client has gone
  std::string body;
};

// Blocking. Every wait ends when the server does.
class raw_connection {
 public:
  raw_connection(int socket, ssl_ctx_st* tls);
  ~raw_connection();
  raw_connection(const raw_connection&) = delete;
  raw_connection& operator=(const raw_connection&) = delete;

  bool accept_tls();
  std::string read_head();
  raw_request read();                 // body by Content-Length
  bool send(std::string_view bytes);  // false: the client has gone
  bool answer(int status, std::string_view body, std::string_view more_headers = {});
  void wait_until_client_goes();  // throws away what comes meanwhile
  void reset();                   // ends the connection abruptly
  void shut_down();               // from another thread

 private:
  long receive(char* into, std::size_t size);

  int socket_;
  ssl_st* tls_ = nullptr;
  std::string buffer_;
};

class raw_server {
 public:
  using script = std::function<void(raw_connection&)>;

  // With TLS: certificate and key in these files.
  explicit raw_server(script each, std::string certificate_file = {}, std::string key_file = {});
  ~raw_server();
  raw_server(const raw_server&) = delete;
  raw_server& operator=(const raw_server&) = delete;

  std::string url(std::string_view path = "/") const;
  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }

  // For scripts that hold an answer back. release() lets all of them go on, also later ones.
  void wait_for_release();
  void release();

 private:
  void accept_all();
  void serve(std::shared_ptr<raw_connection> connection);

  script each_;
  ssl_ctx_st* tls_ = nullptr;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false;
  bool stopping_ = false;
  std::vector<std::shared_ptr<raw_connection>> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace dossier::fakes
