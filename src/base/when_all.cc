#include "base/when_all.h"

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/expects.h"

namespace dossier::base {

awaitable<void> when_all(std::vector<awaitable<void>> all) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer finished(executor, asio::steady_timer::time_point::max());
  std::size_t left = all.size();
  std::exception_ptr first;
  for (auto& one : all) {
    asio::co_spawn(executor, std::move(one), [&](const std::exception_ptr& thrown) {
      if (thrown && !first) first = thrown;
      expects(left > 0, "each coroutine ends once");
      if (--left == 0) finished.cancel();
    });
  }
  if (left != 0) {
    boost::system::error_code cancelled;
    co_await finished.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace dossier::base
