// What the suites of the SQLite driver share: a database with a table of notes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "base/log.h"
#include "fakes/manual_clock.h"
#include "fakes/run.h"
#include "fakes/temporary_folder.h"
#include "stores/sql/query.h"
#include "stores/sql/sqlite/sqlite_driver.h"

namespace dossier::stores::sql {

using base::error_code;
using base::result;
using namespace std::chrono_literals;

class sqlite_driver_test : public testing::Test {
 protected:
  sqlite_driver_test() {
    base::start_log(base::log_format::text, base::log_level::off);
    open({});
    run(driver_->write("create", [](connection& on) -> result<void> {
      on.run_script("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
      return {};
    })).value();
  }

  void open(sqlite_limits limits) {
    driver_.reset();
    driver_ = std::make_unique<sqlite_driver>(
        "notes", file(), clock_,
        [this](auto store, auto operation, auto, bool worked) {
          seen_.push_back(std::string(store) + "." + std::string(operation) + (worked ? "" : " failed"));
        },
        limits);
  }
  std::filesystem::path file() const { return folder_.path() / "notes.db"; }

  template <class T>
  T run(awaitable<T> work) {
    return fakes::run_sync(std::move(work));
  }
  awaitable<result<void>> add(std::int64_t id) {
    return driver_->write("add", [id](connection& on) -> result<void> {
      execute(on, "INSERT INTO note (id, text) VALUES (?, 'x')", id);
      return {};
    });
  }
  std::int64_t count() {
    return run(driver_->read("count",
                             [](connection& on) -> result<std::int64_t> {
                               query row(on, "SELECT COUNT(*) FROM note");
                               row.next();
                               return row.integer(0);
                             }))
        .value();
  }

  fakes::temporary_folder folder_;
  fakes::manual_clock clock_;
  std::vector<std::string> seen_;
  std::unique_ptr<sqlite_driver> driver_;
};

inline awaitable<void> add_into(awaitable<result<void>> work, std::vector<result<void>>& outcomes) {
  outcomes.push_back(co_await std::move(work));
}

}  // namespace dossier::stores::sql
