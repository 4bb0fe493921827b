// Connecting: passwords that rotate, certificates that are right or wrong.
#include <atomic>
#include <thread>

#include "fakes/certificates.h"
#include "fakes/temporary_folder.h"
#include "mysql_test.h"
#include "stores/sql/mysql/mysql_shared.h"
#include "token_server.h"

namespace dossier::stores::sql {
namespace {

class password_test : public mysql_test {
 protected:
  password_test() {
    set_password("first");
    database_.run("GRANT ALL ON " + database_.name() + ".* TO rotating");
  }
  void set_password(const std::string& to) {
    database_.run("CREATE USER IF NOT EXISTS rotating");
    database_.run("ALTER USER rotating IDENTIFIED BY '" + to + "'");
  }
  mysql_settings rotating() {
    auto with = settings();
    with.user = "rotating";
    with.connections = 1;
    with.password = [this](bool refresh) -> result<std::string> {
      ++asked_;
      if (refresh) cached_ = current_;
      return cached_;
    };
    return with;
  }

  int asked_ = 0;
  std::string cached_ = "first";
  std::string current_ = "first";
};

TEST_F(password_test, is_read_again_when_the_database_refuses_it) {
  const auto driver = open(rotating());
  ASSERT_TRUE(insert(*driver, "before"));
  EXPECT_EQ(asked_, 1);
  set_password("second");
  current_ = "second";
  // The connection that is open is still good; a new one needs the new password.
  const auto answer =
      run(driver->write("insert", [this, first = true](connection& on) mutable -> result<void> {
        if (std::exchange(first, false)) kill(session_of(on));
        execute(on, "INSERT INTO note (text) VALUES ('after')");
        return {};
      }));
  EXPECT_TRUE(answer);
  EXPECT_EQ(count(), "2");
  EXPECT_EQ(asked_, 3) << "from the cache first, then once afresh";
}

TEST_F(password_test, that_stays_wrong_is_an_error_at_once) {
  cached_ = current_ = "wrong";
  auto with = rotating();
  with.transaction_limit = 60s;
  const auto driver = open(with);
  const auto start = std::chrono::steady_clock::now();
  const auto answer = insert(*driver, "x");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, error_code::unavailable);
  EXPECT_FALSE(answer.error().message.contains("rotating"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
  EXPECT_EQ(asked_, 2);
}

TEST_F(password_test, that_cannot_be_read_is_unavailable) {
  auto with = rotating();
  with.password = [](bool) -> result<std::string> {
    return base::fail(error_code::unavailable, "no parameter store");
  };
  const auto answer = insert(*open(with), "x");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, error_code::unavailable);
}

TEST_F(password_test, in_clear_text_is_never_sent_without_tls) {
  auto with = rotating();
  with.clear_password = true;
  EXPECT_THROW(mysql_connection{with}, failure);
  EXPECT_EQ(asked_, 0);
}

// Servers lock the account of who tries a wrong password too often.
class refused_test : public password_test {
 protected:
  static constexpr mysql_login::pauses never_again{.first_try = 1h, .first_look = 0ms, .longest_look = 0ms};

  refused_test() : proxy_(database_.server().port()), with_(rotating()) {
    with_.port = proxy_.port();
    set_password("second");
  }

  fakes::tcp_proxy proxy_;
  mysql_settings with_;
};

TEST_F(refused_test, is_not_tried_again_until_it_has_changed) {
  mysql_login login(with_, never_again);
  for (int i = 0; i < 10; ++i) EXPECT_THROW(login.open(), mysql_failure);
  EXPECT_EQ(proxy_.connections(), 1);
  current_ = "second";
  EXPECT_NO_THROW(login.open());
  EXPECT_EQ(proxy_.connections(), 2);
  EXPECT_NO_THROW(login.open());
}

TEST_F(refused_test, is_tried_again_when_its_pause_is_over) {
  auto soon = never_again;
  soon.first_try = 0ms;
  mysql_login login(with_, soon);
  EXPECT_THROW(login.open(), mysql_failure);
  set_password("first");  // the database came late, not the password
  EXPECT_NO_THROW(login.open());
}

TEST_F(refused_test, is_tried_once_by_all_who_come_at_once) {
  with_.password = [this](bool) -> result<std::string> {
    return cached_;
  };
  mysql_login login(with_, never_again);
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < 12; ++i) {
      all.emplace_back([&] {
        try {
          login.open();
        } catch (const mysql_failure&) {
          ++refused;
        }
      });
    }
  }
  EXPECT_EQ(refused, 12);
  EXPECT_EQ(proxy_.connections(), 1);
}

TEST_F(refused_test, does_not_lock_the_account_while_the_driver_is_asked) {
  const auto driver = open(with_);
  for (int i = 0; i < 10; ++i) {
    const auto answer = insert(*driver, "x");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, error_code::unavailable);
  }
  EXPECT_EQ(proxy_.connections(), 1);
}

// --- TLS

class tls_test : public testing::Test {
 protected:
  tls_test()
      : authority_(folder_.path(), "authority"),
        files_(authority_.issue("server", "localhost")),
        server_({"--ssl-ca=" + authority_.certificate().string(), "--ssl-cert=" + files_.certificate.string(),
                 "--ssl-key=" + files_.key.string()}) {}

  mysql_settings verified() const {
    auto with = server_.settings();
    with.host = "localhost";
    with.tls = mysql_settings::tls_mode::required;
    with.ca_file = authority_.certificate();
    return with;
  }
  void serve_with(const fakes::certificate_files& files) {
    std::filesystem::rename(files.certificate, files_.certificate);
    std::filesystem::rename(files.key, files_.key);
    server_.run("FLUSH SSL");
  }
  static std::string why_not(const mysql_settings& with) {
    try {
      mysql_connection on(with);
    } catch (const failure& problem) {
      return problem.detail();
    }
    return "";
  }

  fakes::temporary_folder folder_;
  fakes::certificate_authority authority_;
  fakes::certificate_files files_;
  fakes::database_server server_;
};

TEST_F(tls_test, only_the_right_certificate_is_trusted) {
  {
    mysql_connection on(verified());
    query row(on, "SHOW STATUS LIKE 'Ssl_version'");
    ASSERT_TRUE(row.next());
    EXPECT_TRUE(row.text(1).starts_with("TLSv1.")) << row.text(1);
  }
  auto wrong_host = verified();
  wrong_host.host = "127.0.0.1";
  EXPECT_NE(why_not(wrong_host), "") << "a certificate for localhost";

  const fakes::certificate_authority other(folder_.path(), "other");
  auto wrong_authority = verified();
  wrong_authority.ca_file = other.certificate();
  EXPECT_NE(why_not(wrong_authority), "");

  auto no_authority = verified();
  no_authority.ca_file = "";
  EXPECT_NE(why_not(no_authority), "") << "this one is not among the system's";

  if (fakes::database_server::is_mysql()) return;  // it refuses to serve with what has expired
  serve_with(authority_.issue("expired", "localhost", -60));
  EXPECT_NE(why_not(verified()), "") << "it has expired";
  serve_with(authority_.issue("again", "localhost"));
  EXPECT_EQ(why_not(verified()), "");
}

TEST_F(tls_test, a_server_that_went_silent_is_noticed_in_time) {
  fakes::tcp_proxy proxy(server_.port());
  auto with = verified();
  with.port = proxy.port();
  with.network_limit = 60s;
  const auto start = std::chrono::steady_clock::now();
  {
    mysql_connection on(with);
    EXPECT_TRUE(on.answers_within(30s));
    query(on, "SELECT 1").next();
    EXPECT_TRUE(on.answers_within(30s)) << "as often as it is asked";
    proxy.silence();
    EXPECT_FALSE(on.answers_within(100ms));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s) << "nor does closing wait for it";
}

TEST_F(mysql_test, a_server_without_tls_is_refused_where_it_is_required) {
  auto with = settings();
  with.tls = mysql_settings::tls_mode::required;
  EXPECT_THROW(mysql_connection{with}, failure);
}

class token_test : public testing::Test {
 protected:
  token_test() : authority_(folder_.path(), "authority"), server_(authority_.issue("server", "localhost")) {}

  // How the log-in ends does not matter here: this server goes no further.
  void log_in(bool clear_password, const std::string& host = "localhost") {
    mysql_settings with;
    with.host = host;
    with.port = server_.port();
    with.user = "node";
    with.ca_file = authority_.certificate();
    with.clear_password = clear_password;
    with.password = [](bool) -> result<std::string> {
      return "a-signed-token";
    };
    EXPECT_THROW(mysql_connection{with}, failure);
  }

  fakes::temporary_folder folder_;
  fakes::certificate_authority authority_;
  token_server server_;
};

TEST_F(token_test, is_sent_to_a_server_that_was_verified_where_tokens_are_used) {
  log_in(true);
  EXPECT_EQ(server_.token(), "a-signed-token");
}

TEST_F(token_test, a_password_is_not_told_to_a_server_that_asks_for_it) {
  log_in(false);
  EXPECT_EQ(server_.token(), "");
}

TEST_F(token_test, is_not_sent_to_a_server_of_another_name) {
  log_in(true, "127.0.0.1");
  EXPECT_EQ(server_.token(), "");
}

}  // namespace
}  // namespace dossier::stores::sql
