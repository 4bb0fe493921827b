#include "http/client_watch.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/expects.h"

namespace dossier::http {
namespace {

using std::chrono::milliseconds;

// Most clients that leave do so soon.
constexpr milliseconds first_look{2};
constexpr milliseconds longest_pause{50};

}  // namespace

client_watch::client_watch(const asio::any_io_executor& loop, transport& connection, bool may_be_told,
                           std::function<void()> left)
    : connection_(&connection), may_be_told_(may_be_told), on_left_(std::move(left)), timer_(loop) {}

std::shared_ptr<client_watch> client_watch::begin(const asio::any_io_executor& loop, transport& connection,
                                                  bool may_be_told, std::function<void()> left) {
  base::expects(static_cast<bool>(left), "somebody is told when the client leaves");
  auto watch = std::make_shared<client_watch>(loop, connection, may_be_told, std::move(left));
  watch->look();
  if (watch->connection_ != nullptr) asio::co_spawn(loop, look_now_and_then(watch), asio::detached);
  return watch;
}

void client_watch::end() {
  connection_ = nullptr;
  timer_.cancel();
}

awaitable<void> client_watch::look_now_and_then(std::shared_ptr<client_watch> self) {
  auto pause = first_look;
  while (self->connection_ != nullptr) {
    self->timer_.expires_after(pause);
    co_await self->timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (self->connection_ != nullptr) self->look();
    pause = std::min(pause * 2, longest_pause);
  }
}

void client_watch::look() {
  auto seen = connection_->peer();
  if (seen == transport::presence::silent && may_be_told_) {
    may_be_told_ = !connection_->send_at_once("HTTP/1.1 100 Continue\r\n\r\n");
    // When the client is on this machine, its reset arrives at once.
    seen = connection_->peer();
  }
  if (seen != transport::presence::gone) return;
  connection_ = nullptr;
  on_left_();
  left_.request_stop();
}

}  // namespace dossier::http
