#include "http/server.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <future>
#include <list>
#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>

#include "base/expects.h"
#include "base/log.h"
#include "http/connections.h"
#include "http/session.h"
#include "http/socket_transport.h"

namespace dossier::http {
namespace {

using asio::ip::tcp;
using executor = asio::io_context::executor_type;
using loop_acceptor = asio::basic_socket_acceptor<tcp, executor>;
using loop_timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                              asio::wait_traits<std::chrono::steady_clock>, executor>;

constexpr auto wait_for_it = asio::as_tuple(asio::deferred);
constexpr auto after_accept_failed = std::chrono::milliseconds(100);
constexpr auto lag_pause = std::chrono::milliseconds(20);
constexpr auto lag_pause_when_idle = std::chrono::milliseconds(500);
constexpr auto time_between_complaints = std::chrono::seconds(1);
constexpr auto after_cut = std::chrono::milliseconds(1000);
// How many connections in a row are accepted only to be turned away, when no file descriptor is left.
constexpr int turned_away_at_once = 64;

// The event loop of one thread. Destroying `context` destroys its coroutines: it comes after what they use.
struct event_loop {
  event_loop(const server_settings& settings, handler& answers, const exchange_observer& observer,
             const std::atomic<bool>& draining, base::upload_memory& memory)
      : services{settings.limits, answers, observer, draining, memory, {}, {}, {}, settings.proxies},
        context(1) {}

  loop_services services;
  std::list<session*> sessions;
  std::atomic<unsigned> load = 0;
  asio::io_context context;
  // Keeps the loop running while it has nothing to do. Reset on the loop's own thread.
  std::optional<asio::executor_work_guard<executor>> idle{context.get_executor()};
  loop_timer sweep_timer{context.get_executor()};
  loop_timer lag_timer{context.get_executor()};

  void let_end() {
    idle.reset();
    sweep_timer.cancel();
    lag_timer.cancel();
  }
};

// Keeps a session in its loop's list as long as this lives.
class membership {
 public:
  membership(event_loop& loop, session& member) : loop_(loop) {
    place_ = loop_.sessions.insert(loop_.sessions.end(), &member);
  }
  ~membership() { loop_.sessions.erase(place_); }
  membership(const membership&) = delete;
  membership& operator=(const membership&) = delete;

 private:
  event_loop& loop_;
  std::list<session*>::iterator place_;
};

class tcp_server final : public server {
 public:
  tcp_server(server_settings settings, handler& answers, exchange_observer observer, tls_context tls)
      : settings_(std::move(settings)),
        observer_(std::move(observer)),
        secure_(tls != nullptr),
        tls_(std::move(tls)) {
    unsigned count = settings_.threads;
    if (count == 0) count = std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
    for (unsigned i = 0; i < count; ++i) {
      loops_.push_back(std::make_unique<event_loop>(settings_, answers, observer_, draining_,
                                                    settings_.memory ? *settings_.memory : own_memory_));
    }
    acceptor_.emplace(loops_.front()->context);
  }
  ~tcp_server() override {
    if (!stop(after_cut)) end_by_force();
    acceptor_.reset();
  }

  base::result<void> bind();

  std::uint16_t port() const override { return port_; }
  unsigned connections() const override { return count_.now(); }
  std::vector<asio::any_io_executor> loops() override {
    std::vector<asio::any_io_executor> executors;
    for (auto& loop : loops_) executors.emplace_back(loop->context.get_executor());
    return executors;
  }
  void start() override;
  bool drain(milliseconds limit) override;
  bool stop(milliseconds limit) override;
  base::result<void> reload_certificate() override;

 private:
  awaitable<void> accept_connections();
  awaitable<bool> accept_one();
  awaitable<void> serve(event_loop& loop, loop_socket socket, counted_place place);
  awaitable<void> serve_counted(event_loop& loop, loop_socket socket, bool too_many);
  awaitable<void> sweep(event_loop& loop);
  awaitable<void> watch_lag(event_loop& loop);
  void admit(event_loop& loop, loop_socket socket);
  event_loop& least_busy();
  void stop_accepting();
  std::shared_ptr<asio::ssl::context> tls_now() const;
  void join();
  void end_by_force();
  bool on_a_loop() const;
  void on_each_session(void (session::*action)());

  server_settings settings_;
  exchange_observer observer_;
  std::atomic<bool> draining_ = false;
  base::upload_memory own_memory_;
  connection_count count_;
  spare_descriptor spare_;
  std::chrono::steady_clock::time_point told_;  // when accepting a connection last failed
  const bool secure_;
  mutable std::mutex tls_mutex_;
  std::shared_ptr<asio::ssl::context> tls_;  // for new connections; each keeps its first one
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<event_loop>> loops_;
  std::optional<loop_acceptor> acceptor_;
  std::counting_semaphore<> ended_{0};  // one for each thread whose loop has ended
  std::size_t ended_threads_ = 0;
  std::vector<std::thread> threads_;
};

std::string place(const server_settings& settings) {
  bool v6 = settings.address.find(':') != std::string::npos;
  return (v6 ? "[" + settings.address + "]" : settings.address) + ":" + std::to_string(settings.port);
}

std::unexpected<base::error> cannot_listen(const server_settings& settings,
                                           const boost::system::error_code& failed) {
  using namespace boost::asio::error;
  std::string port = std::to_string(settings.port);
  if (failed == address_in_use) {
    return base::fail(base::error_code::unavailable,
                      "Port " + port + " is taken; use --listen " + settings.address + ":PORT.");
  }
  if (failed == access_denied) {
    return base::fail(base::error_code::unavailable,
                      "Port " + port + " needs privileges; use --listen " + settings.address + ":8080.");
  }
  return base::fail(base::error_code::unavailable,
                    "Cannot listen on " + place(settings) + ": " + failed.message() + ".");
}

base::result<void> tcp_server::bind() {
  boost::system::error_code failed;
  auto text = settings_.address == "localhost" ? std::string("127.0.0.1") : settings_.address;
  auto address = asio::ip::make_address(text, failed);
  if (failed) {
    return base::fail(base::error_code::invalid, settings_.address + " is not an IP address to listen on.");
  }
  tcp::endpoint endpoint(address, settings_.port);
  acceptor_->open(endpoint.protocol(), failed);
  if (!failed) acceptor_->set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor_->bind(endpoint, failed);
  if (!failed) acceptor_->listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return cannot_listen(settings_, failed);
  port_ = acceptor_->local_endpoint().port();
  return {};
}

void tcp_server::start() {
  base::expects(threads_.empty() && !draining_, "a server is started once, before it is stopped");
  std::signal(SIGPIPE, SIG_IGN);  // sendfile() has no flag that prevents the signal
  asio::co_spawn(loops_.front()->context, accept_connections(), asio::detached);
  for (auto& loop : loops_) {
    asio::co_spawn(loop->context, sweep(*loop), asio::detached);
    if (settings_.lag_observer) asio::co_spawn(loop->context, watch_lag(*loop), asio::detached);
    threads_.emplace_back([this, context = &loop->context] {
      context->run();
      ended_.release();
    });
    ::pthread_setname_np(threads_.back().native_handle(), "http-loop");
  }
}

event_loop& tcp_server::least_busy() {
  auto& found = *std::ranges::min_element(
      loops_, {}, [](const auto& loop) { return loop->load.load(std::memory_order_relaxed); });
  return *found;
}

// After any error with one connection, it goes on to accept the next one.
awaitable<void> tcp_server::accept_connections() {
  bool rest = false;
  while (acceptor_->is_open()) {
    try {
      if (std::exchange(rest, false)) {
        loop_timer timer(acceptor_->get_executor(), after_accept_failed);
        co_await timer.async_wait(wait_for_it);
      }
      rest = !co_await accept_one();
    } catch (const std::exception& thrown) {
      base::log_error("cannot accept", {{"what", thrown.what()}});
      rest = true;
    }
  }
}

// Returns false when the next one will probably fail too, until a descriptor or memory becomes free.
awaitable<bool> tcp_server::accept_one() {
  event_loop& loop = least_busy();
  auto [failed, socket] = co_await acceptor_->async_accept(loop.context, wait_for_it);
  if (!failed) {
    admit(loop, std::move(socket));
    co_return true;
  }
  if (failed == asio::error::operation_aborted || failed == asio::error::connection_aborted) co_return true;
  const auto now = std::chrono::steady_clock::now();
  if (now - told_ > time_between_complaints) base::log_warning("cannot accept", {{"why", failed.message()}});
  told_ = now;
  co_return failed == asio::error::no_descriptors&& spare_.turn_away_waiting(
                          acceptor_->native_handle(), !secure_, turned_away_at_once) > 0;
}

void tcp_server::admit(event_loop& loop, loop_socket socket) {
  counted_place place(count_, loop.load);
  if (draining_) return;  // after counting: a stop either waits for this or is seen here
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  if (place.number() > settings_.limits.connections + settings_.limits.turned_away) {
    if (!secure_) turn_away_at_once(socket.native_handle());
    return;
  }
  asio::co_spawn(loop.context, serve(loop, std::move(socket), std::move(place)), asio::detached);
}

awaitable<void> tcp_server::serve(event_loop& loop, loop_socket socket, counted_place place) {
  try {
    co_await serve_counted(loop, std::move(socket), place.number() > settings_.limits.connections);
  } catch (const std::exception& thrown) {
    base::log_error("session failed", {{"what", thrown.what()}});
  }
}

awaitable<void> tcp_server::serve_counted(event_loop& loop, loop_socket socket, bool too_many) {
  boost::system::error_code gone;
  auto peer = socket.remote_endpoint(gone);
  std::string remote = gone ? std::string() : peer.address().to_string();
  const auto tls = tls_now();
  auto connection =
      tls ? make_tls_transport(std::move(socket), *tls) : make_plain_transport(std::move(socket));
  session one(loop.services, std::move(connection), std::move(remote), tls != nullptr);
  membership member(loop, one);
  if (too_many) {
    co_await one.turn_away();
  } else {
    co_await one.run();
  }
}

awaitable<void> tcp_server::sweep(event_loop& loop) {
  const auto& limits = settings_.limits;
  auto shortest = std::min({limits.header_time, limits.idle_time, limits.stall_time});
  auto period = std::clamp(shortest / 8, milliseconds(10), milliseconds(1000));
  while (loop.idle) {
    loop.sweep_timer.expires_after(period);
    co_await loop.sweep_timer.async_wait(wait_for_it);
    auto now = session::clock::now();
    for (session* one : loop.sessions) one->sweep(now);
  }
}

awaitable<void> tcp_server::watch_lag(event_loop& loop) {
  while (loop.idle) {
    loop.lag_timer.expires_after(loop.sessions.empty() ? lag_pause_when_idle : lag_pause);
    auto [cancelled] = co_await loop.lag_timer.async_wait(wait_for_it);
    if (!cancelled) settings_.lag_observer(std::chrono::steady_clock::now() - loop.lag_timer.expiry());
  }
}

bool tcp_server::on_a_loop() const {
  return std::ranges::any_of(
      loops_, [](const auto& loop) { return loop->context.get_executor().running_in_this_thread(); });
}

void tcp_server::on_each_session(void (session::*action)()) {
  for (auto& loop : loops_) {
    asio::post(loop->context, [each = loop.get(), action] {
      for (session* one : each->sessions) (one->*action)();
    });
  }
}

// Returns when the listening socket is closed, so that later connections are refused, or after after_cut.
void tcp_server::stop_accepting() {
  draining_ = true;
  if (threads_.empty()) return;
  auto closed = std::make_shared<std::promise<void>>();
  asio::post(loops_.front()->context, [this, closed] {
    boost::system::error_code ignored;
    acceptor_->close(ignored);
    closed->set_value();
  });
  closed->get_future().wait_for(after_cut);
}

bool tcp_server::drain(milliseconds limit) {
  base::expects(!on_a_loop(), "no event loop waits for itself");
  stop_accepting();
  on_each_session(&session::let_go);
  if (count_.wait_for_none(limit)) return true;
  on_each_session(&session::cut);
  count_.wait_for_none(after_cut);
  return false;
}

bool tcp_server::stop(milliseconds limit) {
  base::expects(!on_a_loop(), "no event loop waits for itself");
  if (threads_.empty()) return true;
  const auto deadline = std::chrono::steady_clock::now() + limit;
  stop_accepting();
  on_each_session(&session::cut);
  if (!count_.wait_for_none(limit)) return false;
  for (auto& loop : loops_) asio::post(loop->context, [each = loop.get()] { each->let_end(); });
  for (; ended_threads_ < threads_.size(); ++ended_threads_) {  // a loop ends when it has no work left
    if (!ended_.try_acquire_until(deadline)) return false;
  }
  join();
  return true;
}

std::shared_ptr<asio::ssl::context> tcp_server::tls_now() const {
  const std::lock_guard lock(tls_mutex_);
  return tls_;
}

base::result<void> tcp_server::reload_certificate() {
  if (!secure_) return {};
  auto made = make_tls_context(settings_.certificate_file, settings_.key_file);
  if (!made) return base::pass(made);
  const std::lock_guard lock(tls_mutex_);
  tls_ = std::move(*made);
  return {};
}

void tcp_server::join() {
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

// For a server that is destroyed although stop() failed. Nothing may happen any more that a coroutine awaits.
void tcp_server::end_by_force() {
  for (auto& loop : loops_) loop->context.stop();
  join();
}

}  // namespace

base::result<std::unique_ptr<server>> server::listen(server_settings settings, handler& answers,
                                                     exchange_observer observer) {
  tls_context tls;
  if (!settings.certificate_file.empty() || !settings.key_file.empty()) {
    auto made = make_tls_context(settings.certificate_file, settings.key_file);
    if (!made) return base::pass(made);
    tls = std::move(*made);
  }
  auto made = std::make_unique<tcp_server>(std::move(settings), answers, std::move(observer), std::move(tls));
  auto bound = made->bind();
  if (!bound) return base::pass(bound);
  return made;
}

}  // namespace dossier::http
