// The database alone: each of --connections connections has a thread, which sends the statements of
// submissions or of look-ups. Prints the result as JSON.
//
//   query_load --port N --user NAME --database NAME [--kind submit|look-up] [--connections N]
//              [--milliseconds N] [--first N] [--ids FILE]
//
// DOSSIER_RECORDS_PASSWORD has the password. --first: the number at the end of the first person's name;
// --ids: a file with the people to look up, one a line.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <latch>
#include <random>
#include <string_view>
#include <thread>
#include <vector>

#include "load/arguments.h"
#include "load/submission_rows.h"

namespace dossier::bench {
namespace {

using clock = std::chrono::steady_clock;
using stores::sql::mysql_connection;

[[noreturn]] void give_up(std::string_view why) {
  fmt::print(stderr, "query_load: {}\n", why);
  std::_Exit(1);
}

stores::sql::mysql_settings settings_of(const arguments& options) {
  stores::sql::mysql_settings settings;
  settings.host = "127.0.0.1";
  settings.port = static_cast<std::uint16_t>(options.number("port", 3306));
  settings.user = options.text("user", "dossier");
  settings.database = options.text("database", "dossier");
  settings.tls = stores::sql::mysql_settings::tls_mode::off;
  settings.password = [](bool) -> base::result<std::string> {
    const char* given = std::getenv("DOSSIER_RECORDS_PASSWORD");
    return given != nullptr ? given : "";
  };
  return settings;
}

std::vector<std::int64_t> read_ids(const std::string& name) {
  std::ifstream file(name);
  std::vector<std::int64_t> ids(std::istream_iterator<std::int64_t>(file), {});
  if (ids.empty()) give_up("no ids to look up");
  return ids;
}

struct load_plan {
  bool submits = false;
  std::chrono::milliseconds time{};
  std::uint64_t first = 0;
  std::vector<std::int64_t> ids;
};

// How many it did. The first one prepares the statements and does not count.
std::uint64_t work(mysql_connection& on, const load_plan& plan, std::uint64_t thread, std::latch& ready) {
  std::minstd_rand random(static_cast<unsigned>(thread) + 1);
  std::uniform_int_distribution<std::size_t> any(0, plan.ids.empty() ? 0 : plan.ids.size() - 1);
  std::uint64_t number = plan.first + thread * 1'000'000;
  const auto once = [&] {
    if (plan.submits) {
      submit_rows(on, number++);
    } else if (!look_up_row(on, plan.ids[any(random)])) {
      give_up("a person is not there");
    }
  };
  once();
  ready.arrive_and_wait();
  std::uint64_t done = 0;
  for (const auto end = clock::now() + plan.time; clock::now() < end; ++done) once();
  return done;
}

int run(const arguments& options) {
  const auto settings = settings_of(options);
  const bool submits = options.text("kind", "submit") == "submit";
  const load_plan plan{.submits = submits,
                       .time = std::chrono::milliseconds(options.number("milliseconds", 1000)),
                       .first = options.number("first", 0),
                       .ids = submits ? std::vector<std::int64_t>() : read_ids(options.text("ids", ""))};
  const auto connections = options.number("connections", 64);
  std::latch ready(static_cast<std::ptrdiff_t>(connections) + 1);
  std::vector<std::uint64_t> done(connections);
  std::vector<std::jthread> threads;
  for (std::uint64_t i = 0; i < connections; ++i) {
    threads.emplace_back([&, i] {
      try {
        mysql_connection on(settings);
        done[i] = work(on, plan, i, ready);
      } catch (const stores::sql::failure& problem) {
        give_up(problem.detail());
      } catch (const mysql_connection::commit_failed_early& problem) {
        give_up(problem.why.detail());
      }
    });
  }
  ready.arrive_and_wait();
  const auto began = clock::now();
  for (auto& each : threads) each.join();
  const double seconds = std::chrono::duration<double>(clock::now() - began).count();
  std::uint64_t total = 0;
  for (const auto count : done) total += count;
  fmt::print("{{\"seconds\":{:.6f},\"per_second\":{:.2f}}}\n", seconds, static_cast<double>(total) / seconds);
  return 0;
}

}  // namespace
}  // namespace dossier::bench

int main(int count, char** words) {
  return dossier::bench::run({count, words});
}
