// Runs each search of search_questions.cc a hundred times, alone, on a database that make_people filled: the
// first page, one far down, and the one before it. Prints how long they took, one line of JSON for each.
//
//   search_load --data DIR [--runs N]
//   search_load --port N --user NAME --database NAME [--runs N]
//   … --fill yes     fills the index first, as the worker does, and prints how long that took
//
// DOSSIER_RECORDS_PASSWORD has the password.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/text_policy.h"
#include "load/arguments.h"
#include "load/search_questions.h"
#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/rows.h"
#include "stores/sql/search/people_search.h"
#include "stores/sql/search/search_index.h"
#include "stores/sql/sqlite/sqlite_connection.h"

namespace dossier::bench {
namespace {

using clock = std::chrono::steady_clock;
using namespace stores::sql;

[[noreturn]] void give_up(std::string_view why) {
  fmt::print(stderr, "search_load: {}\n", why);
  std::_Exit(1);
}

// One of two databases, and how it is read and written.
class database {
 public:
  explicit database(const arguments& options) {
    const auto data = options.text("data", "");
    if (!data.empty()) {
      // The same cache size as for a reader of a serving node.
      lite_ = std::make_unique<sqlite_connection>(data + "/records.db", clock_,
                                                  sqlite_settings{.page_cache_kib = 2'048});
      return;
    }
    mysql_settings settings;
    settings.host = "127.0.0.1";
    settings.port = static_cast<std::uint16_t>(options.number("port", 3306));
    settings.user = options.text("user", "dossier");
    settings.database = options.text("database", "dossier");
    settings.tls = mysql_settings::tls_mode::off;
    settings.password = [](bool) -> base::result<std::string> {
      const char* given = std::getenv("DOSSIER_RECORDS_PASSWORD");
      return given != nullptr ? given : "";
    };
    my_ = std::make_unique<mysql_connection>(settings);
  }

  connection& on() { return lite_ ? static_cast<connection&>(*lite_) : *my_; }
  // Checkpoints the log as a serving node's writer does.
  void keep_log_short() {
    if (lite_ && lite_->log_pages() >= 2'048) lite_->checkpoint();
  }
  domain::people_page search(const domain::people_query& what) {
    lite_ ? lite_->begin_reading() : my_->begin_reading();
    auto page = search_people(on(), what);
    on().commit();
    if (!page) give_up(page.error().message);
    return std::move(*page);
  }

 private:
  base::system_clock clock_;
  std::unique_ptr<sqlite_connection> lite_;
  std::unique_ptr<mysql_connection> my_;
};

void fill(database& all) {
  const auto began = clock::now();
  for (bool more = true; more;) {
    all.on().begin();
    more = tend_index(all.on(), {.policy = base::text_policy_version, .at_once = true});
    all.on().commit();
    all.keep_log_short();
  }
  fmt::print("{{\"name\": \"filling the index\", \"seconds\": {:.1f}}}\n",
             std::chrono::duration<double>(clock::now() - began).count());
}

void measure(database& all, const std::string& name, const domain::people_query& what, std::uint64_t runs) {
  std::vector<double> took;
  std::size_t found = 0;
  for (std::uint64_t i = 0; i < runs; ++i) {
    const auto began = clock::now();
    found = all.search(what).items.size();
    took.push_back(std::chrono::duration<double, std::milli>(clock::now() - began).count());
  }
  std::ranges::sort(took);
  const auto at = [&](double share) {
    return took[static_cast<std::size_t>(share * static_cast<double>(took.size() - 1))];
  };
  fmt::print("{{\"name\": \"{}\", \"found\": {}, \"p50\": {:.2f}, \"p99\": {:.2f}}}\n", name, found, at(0.5),
             at(0.99));
  std::fflush(stdout);
}

// A place in the middle of a million people, in the order by name, age or number.
domain::people_cursor middle(domain::people_sort sort) {
  using domain::people_sort;
  switch (sort) {
    case people_sort::name:
      return {.sort = sort, .key = "lukasz", .id = 0};
    case people_sort::age:
      return {.sort = sort, .key = "50", .id = 500'000};
    case people_sort::newest:
    case people_sort::oldest:
      break;
  }
  return {.sort = sort, .key = "", .id = 500'000};
}

int run(const arguments& options) {
  database all(options);
  if (options.text("fill", "no") == "yes") fill(all);
  const auto runs = options.number("runs", 100);
  for (auto& [name, what] : all_questions()) {
    measure(all, name, what, runs);
    what.cursor = middle(what.sort);
    measure(all, name + ", far down", what, runs);
    what.cursor->backwards = true;
    measure(all, name + ", back from there", what, runs);
  }
  return 0;
}

}  // namespace
}  // namespace dossier::bench

int main(int count, char** words) {
  try {
    return dossier::bench::run({count, words});
  } catch (const dossier::stores::sql::failure& problem) {
    std::fprintf(stderr, "search_load: %s\n", problem.detail().c_str());
    return 1;
  }
}
