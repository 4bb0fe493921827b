#include "loopback.h"

#include <arpa/inet.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/multipart.h"

namespace dossier::http {
namespace {

using namespace std::chrono_literals;

const std::string letters(5000, 'x');

// Pieces one after the other, then the end or an error.
class stream final : public base::byte_source {
 public:
  stream(std::vector<std::string> pieces, bool fails) : pieces_(std::move(pieces)), fails_(fails) {}
  awaitable<base::result<base::byte_view>> next() override {
    if (index_ < pieces_.size()) co_return std::as_bytes(std::span(pieces_[index_++]));
    if (fails_) co_return base::fail(base::error_code::internal, "the disk is on fire");
    co_return base::byte_view{};
  }

 private:
  std::vector<std::string> pieces_;
  bool fails_;
  std::size_t index_ = 0;
};

class big_stream final : public base::byte_source {
 public:
  awaitable<base::result<base::byte_view>> next() override {
    if (left_ == 0) co_return base::byte_view{};
    --left_;
    co_return std::as_bytes(std::span(piece_));
  }

 private:
  std::string piece_ = std::string(1 << 16, 'b');
  int left_ = 1024;
};

class file final : public base::byte_source {
 public:
  file() : descriptor_(::memfd_create("test", 0)) {
    std::string bytes = "0123456789" + std::string(1'000'000, 'f');
    if (::write(descriptor_, bytes.data(), bytes.size()) < 0) throw std::runtime_error("write");
  }
  ~file() override { ::close(descriptor_); }
  awaitable<base::result<base::byte_view>> next() override {
    if (read_) co_return base::byte_view{};
    read_ = true;
    bytes_.resize(1'000'000);
    if (::pread(descriptor_, bytes_.data(), bytes_.size(), 10) < 0) throw std::runtime_error("pread");
    co_return std::as_bytes(std::span(bytes_));
  }
  std::optional<base::file_region> as_file() override {
    return base::file_region{descriptor_, 10, 1'000'000};
  }

 private:
  int descriptor_;
  bool read_ = false;
  std::string bytes_;
};

void stream_body(response& made, std::vector<std::string> pieces, bool fails,
                 std::optional<std::uint64_t> length) {
  made.body = std::make_unique<stream>(std::move(pieces), fails);
  made.stream_length = length;
}

awaitable<void> measure(request& req, response& made) {
  std::uint64_t size = 0;
  for (;;) {
    auto bytes = co_await req.body().next();
    if (!bytes) {
      made.status = bytes.error().code == base::error_code::timed_out ? 408 : 400;
      made.body = bytes.error().message;
      co_return;
    }
    if (bytes->empty()) break;
    size += bytes->size();
  }
  made.body = std::to_string(size);
}

awaitable<void> echo(request& req, response& made) {
  auto text = co_await read_all(req.body(), 10 << 20);
  std::string length = req.content_length ? std::to_string(*req.content_length) : "unknown";
  made.body = req.method + " " + req.path + " ?" + req.query + " " + req.host + " " + req.remote + " " +
              length + " [" + text.value_or("broken") + "]";
}

}  // namespace

test_server::test_server(server_limits limits, std::string certificate_file, std::string key_file,
                         unsigned threads) {
  server_settings settings;
  settings.port = 0;
  settings.threads = threads;
  settings.limits = limits;
  settings.certificate_file = std::move(certificate_file);
  settings.key_file = std::move(key_file);
  auto made = server::listen(settings, *this, [this](const exchange& one) {
    std::lock_guard lock(mutex_);
    exchanges_.push_back(std::string(one.method) + " " + std::string(one.route) + " " +
                         std::to_string(one.status));
  });
  if (!made) throw std::runtime_error(made.error().message);
  server_ = std::move(*made);
  server_->start();
}

test_server::~test_server() {
  released_ = true;
  server_->stop(10s);
}

std::vector<std::string> test_server::exchanges() {
  std::lock_guard lock(mutex_);
  return exchanges_;
}

awaitable<response> test_server::handle(request& req) {
  response made;
  made.route = req.path == "/hello" ? "/hello" : "other";
  if (req.path == "/hello") {
    made.body = std::string("hello");
  } else if (req.path == "/echo") {
    co_await echo(req, made);
  } else if (req.path == "/unread") {
    made.status = 413;
    made.body = std::string("too much");
  } else if (req.path == "/size") {
    co_await measure(req, made);
  } else if (req.path == "/chunks") {
    stream_body(made, {"one ", std::string(20'000, '2'), " three"}, false, {});
  } else if (req.path == "/short") {
    stream_body(made, {"abc"}, false, 10);
  } else if (req.path == "/fails") {
    stream_body(made, {"abc"}, true, {});
  } else if (req.path == "/fails-first") {
    stream_body(made, {}, true, {});
  } else if (req.path == "/file") {
    made.body = std::make_unique<file>();
    made.stream_length = 1'000'000;
  } else if (req.path == "/big") {
    made.body = std::make_unique<big_stream>();
    made.stream_length = 64 << 20;
  } else if (req.path == "/text" || req.path == "/version") {
    made.set("Content-Type", "text/plain; charset=utf-8");
    if (req.path == "/version") made.set("ETag", "\"3\"");
    made.body = letters;
  } else if (req.path == "/static") {
    made.set("Content-Type", "text/css");
    made.set("ETag", "\"s\"");
    made.body = std::string_view(letters);
  } else if (req.path == "/wait") {
    ++waiting_;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!released_) {
      timer.expires_after(5ms);
      co_await timer.async_wait(asio::use_awaitable);
    }
    --waiting_;
    made.body = std::string("waited");
  } else if (req.path == "/burn") {
    const auto end = std::chrono::steady_clock::now() + 2ms;
    while (std::chrono::steady_clock::now() < end) {
    }
    ++burnt_;
  } else if (req.path == "/burnt") {
    made.body = std::to_string(burnt_);
  } else if (req.path == "/throw") {
    throw std::runtime_error("a bug");
  } else if (req.path == "/split") {
    made.set("X-Split", "a\r\nX-Evil: b");
    made.body = std::string("split");
  } else if (req.path == "/none" || req.path == "/same") {
    made.status = req.path == "/none" ? 204 : 304;
    made.body = std::string("must not be sent");
  } else {
    made.status = 404;
    made.body = std::string("nothing here");
  }
  co_return made;
}

response test_server::error_page(unsigned status, std::string_view message, std::string_view id,
                                 std::string_view accept) {
  response made;
  made.status = status;
  made.body = std::string(message) + " [" + std::string(id) + "] [" + std::string(accept) + "]";
  return made;
}

raw_client::raw_client(std::uint16_t port, int receive_buffer) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  timeval limit{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  if (receive_buffer > 0)
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    throw std::runtime_error("connect");
  }
}

raw_client::~raw_client() {
  ::close(socket_);
}

bool raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void raw_client::finish() {
  ::shutdown(socket_, SHUT_WR);
}

bool raw_client::more() {
  char bytes[16 * 1024];
  ssize_t count = ::recv(socket_, bytes, sizeof(bytes), 0);
  if (count <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

answer raw_client::receive(bool head_request) {
  answer seen;
  std::size_t head_end;
  while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!more()) return seen;
  }
  std::string head = buffer_.substr(0, head_end + 2);
  buffer_.erase(0, head_end + 4);
  if (!head.starts_with("HTTP/1.1 ")) return seen;
  seen.status = std::stoi(head.substr(9, 3));
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    std::size_t line_end = head.find("\r\n", at), colon = head.find(':', at);
    std::string name = head.substr(at, colon - at);
    for (char& c : name) c = static_cast<char>(::tolower(c));
    seen.headers[name] = head.substr(colon + 2, line_end - colon - 2);
    at = line_end + 2;
  }
  auto take = [&](std::size_t count) {
    while (buffer_.size() < count) {
      if (more()) continue;
      seen.body += std::exchange(buffer_, {});
      return false;
    }
    seen.body += buffer_.substr(0, count);
    buffer_.erase(0, count);
    return true;
  };
  if (head_request || seen.status < 200 || seen.status == 204 || seen.status == 304) {
    seen.whole = true;
  } else if (seen.headers.contains("content-length")) {
    seen.whole = take(std::stoul(seen.headers["content-length"]));
  } else if (seen.headers.contains("transfer-encoding")) {
    for (;;) {
      std::size_t end;
      while ((end = buffer_.find("\r\n")) == std::string::npos) {
        if (!more()) return seen;
      }
      std::size_t size = std::stoul(buffer_.substr(0, end), nullptr, 16);
      buffer_.erase(0, end + 2);
      if (!take(size)) return seen;
      while (buffer_.size() < 2) {
        if (!more()) return seen;
      }
      if (!buffer_.starts_with("\r\n")) return seen;
      buffer_.erase(0, 2);
      if (size == 0) break;
    }
    seen.whole = true;
  } else {
    seen.body = receive_all();
  }
  return seen;
}

std::string raw_client::receive_all() {
  while (more()) {
  }
  return std::exchange(buffer_, {});
}

bool raw_client::closed() {
  char byte;
  ssize_t count = ::recv(socket_, &byte, 1, 0);
  return buffer_.empty() && (count == 0 || (count < 0 && errno == ECONNRESET));
}

bool eventually(const std::function<bool()>& holds) {
  auto limit = std::chrono::steady_clock::now() + 10s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

std::string get(std::string_view path, std::string_view headers) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n";
}

}  // namespace dossier::http
