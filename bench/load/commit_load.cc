// The records store alone: --writers write people without files at the same time. How much faster many are
// than one shows what sharing a sync is worth. Prints the result as JSON.
//
//   commit_load --folder DIR [--writers N] [--commits N]
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>

#include "fakes/details.h"
#include "load/arguments.h"
#include "load/stores_of.h"

namespace dossier::bench {
namespace {

awaitable<void> write_people(stores_of& into, std::uint64_t& left) {
  while (left > 0) {
    const auto number = left--;
    domain::commit_request request;
    request.lease = {into.random.token()};
    request.lease_for = std::chrono::seconds(60);
    request.details = fakes::known{.name = fmt::format("Ada Load {}", number),
                                   .location = "Lisbon",
                                   .age = static_cast<int>(number % 100),
                                   .technology = "C++"};
    must(co_await into.stores.records->commit_submission(std::move(request)));
  }
}

int run(const arguments& options) {
  stores_of into(options.text("folder", "."));
  const auto commits = options.number("commits", 1000);
  auto left = commits;
  asio::io_context loop(1);
  for (std::uint64_t i = 0; i < options.number("writers", 1); ++i) {
    asio::co_spawn(loop, write_people(into, left), asio::detached);
  }
  const auto began = std::chrono::steady_clock::now();
  loop.run();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  fmt::print("{{\"seconds\":{:.6f},\"per_second\":{:.1f}}}\n", seconds,
             static_cast<double>(commits) / seconds);
  return 0;
}

}  // namespace
}  // namespace dossier::bench

int main(int count, char** words) {
  return dossier::bench::run({count, words});
}
