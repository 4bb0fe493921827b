#include "fakes/database_server.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stores/sql/mysql/mysql_connection.h"
#include "stores/sql/query.h"

extern char** environ;

namespace dossier::fakes {
namespace {

namespace fs = std::filesystem;
using stores::sql::mysql_connection;

constexpr const char* user = "dossier";
constexpr const char* password = "the-password-of-tests";

// $1 is the folder; the rest is for the server. Reading ends when the test program ends, for whatever reason.
constexpr const char* keeper_script = R"sh(
folder=$1; shift
mkdir "$folder/temporary"
export TMPDIR="$folder/temporary"  # in a shared one, servers that start together take each other's files
set -- --datadir="$folder/data" --socket="$folder/socket" --pid-file="$folder/pid" --bind-address=127.0.0.1 \
  --skip-name-resolve --init-file="$folder/init.sql" --innodb-flush-log-at-trx-commit=0 \
  --innodb-buffer-pool-size=48M --skip-log-bin --performance-schema=OFF --max-connections=200 "$@"
if [ -n "$DOSSIER_TEST_MYSQLD" ]; then
  "$DOSSIER_TEST_MYSQLD" --no-defaults --user="$(id -un)" --initialize-insecure --datadir="$folder/data"
  server=$DOSSIER_TEST_MYSQLD
  set -- --innodb-redo-log-capacity=16M --mysqlx=OFF --secure-file-priv= "$@"
else
  mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$folder/data" --skip-test-db \
    --auth-root-authentication-method=normal --skip-name-resolve
  server=mariadbd
  set -- --innodb-log-file-size=16M "$@"
fi >"$folder/log" 2>&1 || echo "the database could not be set up" >>"$folder/log"
"$server" --no-defaults --user="$(id -un)" "$@" </dev/null >>"$folder/log" 2>&1 &
server=$!
read -r _
exec 2>/dev/null
kill -9 "$server"
wait "$server"
rm -rf "$folder"
)sh";

fs::path make_folder() {
  const fs::path memory = "/dev/shm";
  const auto parent = fs::exists(memory) ? memory : fs::temp_directory_path();
  std::string name = (parent / "dossier-database-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&at), length) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &length) != 0) {
    throw std::runtime_error("no free port");
  }
  ::close(socket);
  return ntohs(at.sin_port);
}

void write_init_file(const fs::path& to) {
  std::ofstream(to) << "CREATE USER '" << user << "'@'%' IDENTIFIED BY '" << password << "';\n"
                    << "GRANT ALL PRIVILEGES ON *.* TO '" << user << "'@'%' WITH GRANT OPTION;\n";
}

}  // namespace

database_server& database_server::shared() {
  static database_server one;
  return one;
}

bool database_server::is_mysql() {
  const char* server = std::getenv("DOSSIER_TEST_MYSQLD");
  return server != nullptr && *server != '\0';
}

database_server::database_server(const std::vector<std::string>& arguments) {
  // Another program may take the port between finding and using it: then another port is tried.
  for (int attempt = 0; attempt < 3; ++attempt) {
    start(arguments);
    if (answers_within(60)) return;
    const auto why = log();
    stop();
    if (!why.contains("Address already in use")) throw std::runtime_error("no database server: " + why);
  }
  throw std::runtime_error("no port for a database server");
}

database_server::~database_server() {
  stop();
}

void database_server::start(const std::vector<std::string>& arguments) {
  folder_ = make_folder();
  port_ = free_port();
  write_init_file(folder_ / "init.sql");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<std::string> words{
      "sh", "-c", keeper_script, "keeper", folder_.string(), "--port=" + std::to_string(port_)};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // In a session of its own, so that it can clean up when a test run is interrupted at the terminal.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  const int failed = ::posix_spawnp(&keeper_, "sh", &actions, &attributes, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(ends[0]);
  lifeline_ = ends[1];
  if (failed != 0) throw std::runtime_error("no shell");
}

bool database_server::answers_within(int seconds) const {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (std::chrono::steady_clock::now() < give_up) {
    try {
      mysql_connection on(settings());
      return true;
    } catch (const stores::sql::failure&) {
      const auto so_far = log();
      if (so_far.contains("Aborting") || so_far.contains("could not be set up")) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  return false;
}

std::string database_server::log() const {
  std::ostringstream text;
  text << std::ifstream(folder_ / "log").rdbuf();
  return text.str();
}

void database_server::stop() {
  if (keeper_ < 0) return;
  ::close(lifeline_);
  ::waitpid(keeper_, nullptr, 0);
  keeper_ = -1;
}

stores::sql::mysql_settings database_server::settings(std::string database) const {
  stores::sql::mysql_settings all;
  all.host = "127.0.0.1";
  all.port = port_;
  all.user = user;
  all.password = [](bool) -> base::result<std::string> {
    return password;
  };
  all.database = std::move(database);
  all.tls = stores::sql::mysql_settings::tls_mode::off;
  all.connections = 4;
  return all;
}

void database_server::run(const std::string& sql, const std::string& database) const {
  mysql_connection(settings(database)).run_script(sql);
}

std::string database_server::ask(const std::string& sql, const std::string& database) const {
  mysql_connection on(settings(database));
  stores::sql::query row(on, "SELECT CAST((" + sql + ") AS CHAR)");
  return row.next() ? row.string(0) : std::string();
}

test_database::test_database(database_server& on) : server_(on) {
  static std::atomic<int> last = 0;
  name_ = "test_" + std::to_string(++last);
  server_.run("CREATE DATABASE " + name_ + " CHARACTER SET utf8mb4");
}

test_database::~test_database() {
  try {
    server_.run("DROP DATABASE " + name_);
  } catch (const stores::sql::failure&) {
    // The database goes when the server ends.
  }
}

}  // namespace dossier::fakes
