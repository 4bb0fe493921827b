// The records under several nodes at once: what one connection alone cannot show.
#include <atomic>
#include <set>
#include <thread>

#include <boost/asio/detached.hpp>

#include "base/random.h"
#include "fakes/details.h"
#include "mysql_test.h"
#include "stores/sql/mysql/mysql_records.h"

namespace dossier::stores::sql {
namespace {

class mysql_records_test : public testing::Test {
 protected:
  mysql_records_test() {
    base::start_log(base::log_format::text, base::log_level::off);
    for (int i = 0; i < 3; ++i) {
      auto made = open_mysql_records(database_.settings(), {});
      if (!made) throw std::runtime_error(made.error().message);
      nodes_.push_back(std::move(made->store));
    }
  }

  template <class T>
  static T must(awaitable<base::result<T>> work) {
    auto answer = fakes::run_sync(std::move(work));
    if (!answer) throw std::runtime_error(answer.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*answer);
  }
  std::string token() { return random_.token(); }
  domain::person add(int files) {
    domain::commit_request request;
    request.lease = {token()};
    request.lease_for = 15s;
    request.details = fakes::known{"Anna Berg", "Oslo", 41, "C++"};
    for (int i = 0; i < files; ++i) {
      domain::begin_file_request begin;
      begin.lease = request.lease;
      begin.lease_for = 15s;
      begin.key = {token()};
      begin.name = "photo.png";
      request.files.push_back({.id = std::get<domain::file_id>(must(nodes_[0]->begin_file(begin))),
                               .size = 4,
                               .digest = {},
                               .media_type = "image/png"});
    }
    const auto id = std::get<domain::person>(must(nodes_[0]->commit_submission(request))).id;
    return must(nodes_[0]->find_person(id));
  }
  // Begins an upload, which holds this key.
  domain::lease_token upload(const std::string& key) {
    domain::begin_file_request begin;
    begin.lease = {token()};
    begin.lease_for = 60s;
    begin.key = {token()};
    begin.name = "photo.png";
    begin.claim = domain::idempotency_key{.scope = "people", .key = key};
    must(nodes_[0]->begin_file(begin));
    return begin.lease;
  }
  // A node with one connection, whose messages the proxy counts.
  std::unique_ptr<domain::records> node_behind(const fakes::tcp_proxy& proxy) {
    auto with = database_.settings();
    with.port = proxy.port();
    with.connections = 1;
    auto made = open_mysql_records(with, {});
    if (!made) throw std::runtime_error(made.error().message);
    return std::move(made->store);
  }
  // The tasks' outcomes when all of them went well.
  static std::vector<domain::finished_task> finished(const std::vector<domain::task>& leased) {
    std::vector<domain::finished_task> done;
    done.reserve(leased.size());
    for (const auto& one : leased) done.push_back({one, {}});
    return done;
  }
  domain::file_id last_file() { return {std::stoll(database_.ask("SELECT MAX(id) FROM file"))}; }
  // A node that waits for a lock longer than a busy machine takes for anything.
  std::unique_ptr<domain::records> patient_node() {
    auto with = database_.settings();
    with.lock_limit = with.statement_limit = 30s;
    with.network_limit = 60s;
    auto made = open_mysql_records(with, {});
    if (!made) throw std::runtime_error(made.error().message);
    return std::move(made->store);
  }
  // Does it on all nodes, with a thread for each.
  void on_every_node(const std::function<void(domain::records&)>& what) {
    std::vector<std::jthread> threads;
    for (auto& node : nodes_) threads.emplace_back([&] { what(*node); });
  }

  fakes::test_database database_;
  base::system_random random_;
  std::vector<std::unique_ptr<domain::records>> nodes_;
};

TEST_F(mysql_records_test, each_task_is_leased_by_one_worker) {
  for (int i = 0; i < 10; ++i) add(6);
  std::mutex mutex;
  std::multiset<std::int64_t> leased;
  on_every_node([&](domain::records& node) {
    while (true) {
      const auto some = must(node.lease_tasks({token()}, 4, 60s));
      if (some.empty()) return;
      const std::lock_guard lock(mutex);
      for (const auto& one : some) leased.insert(one.file.id.value);
    }
  });
  EXPECT_EQ(leased.size(), 60u);
  EXPECT_EQ(std::set(leased.begin(), leased.end()).size(), 60u) << "none twice";
}

// Counts the look-ups that were right: they found the person, or answered not_found when there is none.
awaitable<void> look_up(domain::records& node, domain::person_id id,
                        const std::vector<domain::person>& people, std::atomic<int>& right) {
  const auto found = co_await node.find_person(id);
  const auto at = static_cast<std::size_t>(id.value - people.front().id.value);
  if (at >= people.size()) {
    right += !found && found.error().code == base::error_code::not_found;
  } else {
    right += found && found->id == id && found->files.size() == people[at].files.size();
  }
}

// More look-ups than one query takes, from several threads. Each gets its own person, or none.
TEST_F(mysql_records_test, look_ups_at_the_same_time_find_each_their_own) {
  std::vector<domain::person> people;
  for (int i = 0; i < 50; ++i) people.push_back(add(i % 3));
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        asio::io_context loop(1);
        for (int i = 0; i < 300; ++i) {
          const domain::person_id id{people.front().id.value + i * 7 % 60};
          asio::co_spawn(loop, look_up(*nodes_[0], id, people, right), asio::detached);
        }
        loop.run();
      });
    }
  }
  EXPECT_EQ(right, 4 * 300);
}

TEST_F(mysql_records_test, claims_pass_over_what_another_is_claiming) {
  add(2);
  mysql_connection other(database_.settings());
  other.begin();
  {
    query row(other, "SELECT file_id FROM task ORDER BY due_at, file_id LIMIT 1 /*lock*/");
    ASSERT_TRUE(row.next());
  }
  const auto node = patient_node();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(must(node->lease_tasks({token()}, 10, 60s)).size(), 1u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 15s);
  other.roll_back();
}

TEST_F(mysql_records_test, many_tasks_are_leased_and_confirmed_by_few_messages) {
  const fakes::tcp_proxy proxy(database_.server().port());
  const auto node = node_behind(proxy);
  add(2 * 64);
  must(node->complete_tasks(
      finished(must(node->lease_tasks({token()}, 64, 60s)))));  // prepares the statements
  int before = proxy.messages();
  const auto leased = must(node->lease_tasks({token()}, 64, 60s));
  EXPECT_EQ(leased.size(), 64u);
  EXPECT_LE(proxy.messages() - before, 5) << "START TRANSACTION, three statements, COMMIT";
  before = proxy.messages();
  must(node->complete_tasks(finished(leased)));
  EXPECT_LE(proxy.messages() - before, 64 + 3) << "START TRANSACTION, one that locks, a DELETE each, COMMIT";
}

TEST_F(mysql_records_test, confirming_waits_for_nobody_elses_task) {
  add(64);
  add(1);
  const auto node = patient_node();
  const auto done = finished(must(node->lease_tasks({token()}, 64, 60s)));
  ASSERT_EQ(done.size(), 64u);
  mysql_connection other(database_.settings());
  other.begin();
  execute(other, "UPDATE task SET due_at = due_at + 1 WHERE file_id = ?", last_file());
  const auto start = std::chrono::steady_clock::now();
  must(node->complete_tasks(done));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 15s);
  other.roll_back();
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM task"), "1");
}

TEST_F(mysql_records_test, many_leases_are_renewed_by_few_messages) {
  const fakes::tcp_proxy proxy(database_.server().port());
  const auto node = node_behind(proxy);
  std::vector<domain::lease_token> leases;
  for (int i = 0; i < 300; ++i) leases.push_back(upload("key" + std::to_string(i)));
  must(node->renew_leases(leases, 15s));  // prepares the statements
  const int before = proxy.messages();
  must(node->renew_leases(leases, 15s));
  EXPECT_LE(proxy.messages() - before, 3 * 6) << "START TRANSACTION, four statements, COMMIT for each 128";
}

TEST_F(mysql_records_test, renewing_waits_for_nobody_elses_upload) {
  const auto node = patient_node();
  std::vector<domain::lease_token> leases;
  for (int i = 0; i < 128; ++i) leases.push_back(upload("key" + std::to_string(i)));
  const auto theirs = upload("theirs");
  mysql_connection other(database_.settings());
  other.begin();
  execute(other, "UPDATE file SET state = 2, lease_ends = lease_ends + 1 WHERE lease_token = ?", theirs);
  execute(other, "UPDATE task SET due_at = due_at + 1 WHERE file_id = (SELECT MAX(id) FROM file)");
  execute(other, "UPDATE idempotency_key SET lease_ends = lease_ends + 1 WHERE name = 'theirs'");
  const auto start = std::chrono::steady_clock::now();
  must(node->renew_leases(leases, 15s));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 15s);
  other.roll_back();
}

TEST_F(mysql_records_test, one_key_sent_to_all_nodes_is_one_person) {
  for (int round = 0; round < 10; ++round) {
    const auto key = token();
    std::mutex mutex;
    std::set<std::int64_t> people;
    on_every_node([&](domain::records& node) {
      domain::commit_request request;
      request.lease = {token()};
      request.lease_for = 15s;
      request.details = fakes::known{"Anna Berg", "Oslo", 41, "C++"};
      request.claim = domain::idempotency_key{.scope = "people", .key = key};
      const auto answer = must(node.commit_submission(request));
      const auto* earlier = std::get_if<domain::earlier_submission>(&answer);
      const std::lock_guard lock(mutex);
      people.insert(earlier ? earlier->person.value : std::get<domain::person>(answer).id.value);
    });
    EXPECT_EQ(people.size(), 1u);
  }
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM person"), "10");
}

TEST_F(mysql_records_test, a_file_deleted_by_all_at_once_is_counted_once) {
  for (int round = 0; round < 10; ++round) {
    const auto who = add(2);
    std::atomic<int> deleted = 0;
    on_every_node([&](domain::records& node) {
      const auto answer = fakes::run_sync(node.delete_file(who.files[0].id));
      if (answer) ++deleted;
      if (!answer) EXPECT_EQ(answer.error().code, error_code::not_found);
    });
    EXPECT_EQ(deleted, 1);
    const auto after = must(nodes_[0]->find_person(who.id));
    EXPECT_EQ(after.files.size(), 1u);
    EXPECT_EQ(after.version, who.version + 1);
    EXPECT_EQ(database_.ask("SELECT file_count FROM person WHERE id = " + std::to_string(who.id.value)), "1");
  }
}

TEST_F(mysql_records_test, a_rename_never_takes_back_what_a_delete_owes) {
  for (int round = 0; round < 20; ++round) {
    const auto who = add(3);
    std::atomic<int> next = 0;
    on_every_node([&](domain::records& node) {
      switch (next++) {
        case 0:
          must(node.update_person(who.id, fakes::known{"Berta " + std::to_string(round), "Oslo", 41, "C++"},
                                  {}));
          break;
        case 1:
          must(node.delete_file(who.files[1].id));
          break;
        default:
          must(node.owe_tasks({who.files[0].id, who.files[1].id}));
      }
    });
    const auto row = must(nodes_[0]->find_row(who.files[1].key));
    ASSERT_TRUE(row);
    EXPECT_EQ(row->state, domain::file_state::deleting);
    EXPECT_EQ(row->owed, domain::task_kind::erase);
  }
}

TEST_F(mysql_records_test, an_intent_that_comes_while_its_task_is_confirmed_is_not_lost) {
  for (int round = 0; round < 20; ++round) {
    const auto who = add(1);
    const auto leased = must(nodes_[0]->lease_tasks({token()}, 10, 60s));
    ASSERT_EQ(leased.size(), 1u);
    std::atomic<int> next = 0;
    on_every_node([&](domain::records& node) {
      switch (next++) {
        case 0:
          must(node.complete_tasks({{leased[0], {}}}));
          break;
        case 1:
          must(node.delete_file(who.files[0].id));
          break;
        default:
          break;
      }
    });
    const auto row = must(nodes_[0]->find_row(who.files[0].key));
    ASSERT_TRUE(row);
    EXPECT_EQ(row->owed, domain::task_kind::erase);
    const auto erase = must(nodes_[0]->lease_tasks({token()}, 10, 60s));
    ASSERT_EQ(erase.size(), 1u);
    must(nodes_[0]->complete_tasks({{erase[0], {}}}));
  }
}

TEST_F(mysql_records_test, the_health_check_says_when_the_database_is_away) {
  EXPECT_TRUE(fakes::run_sync(nodes_[0]->check()));
  auto with = database_.settings();
  fakes::tcp_proxy proxy(database_.server().port());
  with.port = proxy.port();
  with.transaction_limit = 200ms;
  const auto node = open_mysql_records(with, {});
  ASSERT_TRUE(node);
  proxy.refuse(true);
  const auto answer = fakes::run_sync(node->store->check());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, error_code::unavailable);
}

TEST_F(mysql_records_test, a_database_that_takes_no_writes_is_not_healthy_and_goes_on_to_read) {
  database_.run("CREATE USER IF NOT EXISTS plain IDENTIFIED BY 'plain'");
  database_.run("GRANT SELECT, INSERT, UPDATE, DELETE ON " + database_.name() + ".* TO plain");
  auto with = database_.settings();
  with.user = "plain";
  with.password = [](bool) -> result<std::string> {
    return "plain";
  };
  const auto who = add(1);
  const auto made = open_mysql_records(with, {});
  ASSERT_TRUE(made);
  auto& node = *made->store;
  EXPECT_TRUE(fakes::run_sync(node.check()));
  database_.run("SET GLOBAL read_only = 1");
  const auto answer = fakes::run_sync(node.check());
  const auto read = fakes::run_sync(node.find_person(who.id));
  database_.run("SET GLOBAL read_only = 0");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, error_code::unavailable);
  EXPECT_TRUE(read);
}

// A look-up takes two statements for a person with many files, and stays at one for the others.
TEST_F(mysql_records_test, a_look_up_is_one_message_whoever_was_looked_up_before) {
  fakes::tcp_proxy proxy(database_.server().port());
  const auto node = node_behind(proxy);
  const auto few = add(2).id;
  const auto many = add(domain::files_seen_for_photo + 5).id;
  const auto messages = [&](domain::person_id id) {
    must(node->find_person(id));
    const int before = proxy.messages();
    must(node->find_person(id));
    return proxy.messages() - before;
  };
  EXPECT_EQ(messages(few), 1);
  EXPECT_EQ(messages(many), 2);
  EXPECT_EQ(must(node->find_person(many)).files.size(), domain::files_with_person);
  EXPECT_FALSE(fakes::run_sync(node->list_files({.person = {many.value + 1}})));
  EXPECT_EQ(must(node->list_files({.person = many})).items.size(), 20u);
  EXPECT_EQ(messages(few), 1);
}

TEST_F(mysql_records_test, an_erased_person_is_in_no_table_of_the_search) {
  const auto who = add(1);
  must(nodes_[0]->update_person(who.id, fakes::known{"Xylophonist", "Popocatepetl", 30, "C++"}, {}));
  for (int i = 0; i < 3; ++i) add(0);
  const auto tend = [&] {
    while (must(nodes_[0]->tend_search(true))) {
    }
  };
  const auto found = [&](const std::string& word) {
    return std::stoi(
               database_.ask("SELECT COUNT(*) FROM search_posting WHERE INSTR(term, '" + word + "') > 0")) +
           std::stoi(
               database_.ask("SELECT COUNT(*) FROM search_entry WHERE INSTR(content, '" + word + "') > 0"));
  };
  tend();
  EXPECT_GT(found("xylophon"), 0);
  EXPECT_GT(found("popocate"), 0);
  must(nodes_[0]->delete_person(who.id, {}));
  tend();
  EXPECT_EQ(found("xylop"), 0);
  EXPECT_EQ(found("popoc"), 0);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM search_gone"), "0");
}

}  // namespace
}  // namespace dossier::stores::sql
