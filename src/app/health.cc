#include "app/health.h"

#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/expects.h"

namespace dossier::app {
namespace {

using clock = std::chrono::steady_clock;

// One round of checks. Each check shares it, because a slow check goes on after the answer.
struct round {
  explicit round(const asio::any_io_executor& on) : all_answered(on) {}
  asio::steady_timer all_answered;
  std::array<std::optional<web::store_health>, 3> answers;
  std::size_t missing = 3;
};

awaitable<void> check_one(std::shared_ptr<round> asked, std::size_t place, std::string_view store,
                          awaitable<base::result<void>> check) {
  const auto start = clock::now();
  const auto answer = co_await std::move(check);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - start);
  base::expects(!asked->answers.at(place) && asked->missing > 0, "each store answers once");
  asked->answers[place] = {std::string(store), answer.has_value(),
                           answer ? fmt::format("answers in {} ms", took.count()) : answer.error().message};
  if (--asked->missing == 0) asked->all_answered.cancel();
}

}  // namespace

awaitable<std::vector<web::store_health>> check_stores(const stores::opened_stores& opened,
                                                       std::chrono::milliseconds limit) {
  base::expects(opened.records && opened.objects && opened.catalog, "the stores are open");
  const auto executor = co_await asio::this_coro::executor;
  const auto asked = std::make_shared<round>(executor);
  constexpr std::array<std::string_view, 3> names = {"records", "objects", "catalog"};
  asked->all_answered.expires_after(limit);
  asio::co_spawn(executor, check_one(asked, 0, names[0], opened.records->check()), asio::detached);
  asio::co_spawn(executor, check_one(asked, 1, names[1], opened.objects->check()), asio::detached);
  asio::co_spawn(executor, check_one(asked, 2, names[2], opened.catalog->check()), asio::detached);
  if (asked->missing > 0) co_await asked->all_answered.async_wait(asio::as_tuple(asio::use_awaitable));

  std::vector<web::store_health> healths;
  for (std::size_t i = 0; i < names.size(); ++i) {
    healths.push_back(asked->answers[i].value_or(web::store_health{
        std::string(names[i]), false, fmt::format("did not answer within {} ms", limit.count())}));
  }
  co_return healths;
}

}  // namespace dossier::app
