// A proxy between a client and a server on the loopback that can lose what a network loses. It counts
// messages and connections, and breaks a connection at a message that holds a given text.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace dossier::fakes {

class tcp_proxy {
 public:
  enum class breaking {
    before,      // both sides are cut; the server never sees the message
    after,       // the server answers, the client never hears it
    client_only  // the client is cut; the server never sees the message, and waits for more
  };

  // What the proxy does after it has broken a connection.
  enum class afterwards { serve, refuse };

  explicit tcp_proxy(std::uint16_t server_port);
  ~tcp_proxy();
  tcp_proxy(const tcp_proxy&) = delete;
  tcp_proxy& operator=(const tcp_proxy&) = delete;

  std::uint16_t port() const { return port_; }
  // Breaks one connection, at the next message from a client that holds this text. If it is to refuse
  // afterwards, it does so before the client hears of the break: a client that comes back at once is refused.
  void break_at(std::string text, breaking how, afterwards then = afterwards::serve);
  bool has_broken() const { return broken_; }
  // From now on breaks a connection at one message in so many, in any of the ways; 0: no longer. The same
  // seed makes the same choices.
  void break_one_in(unsigned count, unsigned seed = 1);
  // While true, new connections are accepted and cut, and open ones end.
  void refuse(bool all);
  // Nothing passes any more on open connections, and neither side is told. New ones are served.
  void silence();
  // Connections that came, also those that were refused.
  int connections() const { return connections_; }
  // Messages from clients.
  int messages() const { return messages_; }

 private:
  struct rule {
    std::string text;
    breaking how;
    afterwards then;
  };

  void accept_all(const std::stop_token& stop);
  void pump(const std::stop_token& stop, int client);
  std::optional<rule> rule_for(const std::string& message);

  std::uint16_t port_ = 0;
  std::uint16_t server_port_;
  int listener_ = -1;
  std::atomic<bool> refusing_ = false;
  std::atomic<bool> broken_ = false;
  std::atomic<int> silenced_ = 0;  // how often
  std::atomic<int> connections_ = 0;
  std::atomic<int> messages_ = 0;
  std::mutex mutex_;
  std::optional<rule> rule_;
  unsigned one_in_ = 0;
  std::minstd_rand random_;
  std::list<std::jthread> pumps_;
  std::jthread acceptor_;
};

}  // namespace dossier::fakes
