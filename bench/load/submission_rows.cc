#include "load/submission_rows.h"

#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "stores/sql/mysql/mysql_commit.h"
#include "stores/sql/query.h"

namespace dossier::bench {
namespace {

using stores::sql::execute;
using stores::sql::mysql_connection;
using stores::sql::query;

constexpr std::int64_t lease_ms = 60'000;

void commit(mysql_connection& on) {
  on.commit_with(stores::sql::make_commit_token(on.server_time_ms()).hex);
}

// The first transaction: the file's row, before its bytes.
std::int64_t begin_file(mysql_connection& on, std::string_view lease, std::string_view key) {
  on.begin();
  execute(on,
          "INSERT INTO file (object_key, state, name, size, media_type, lease_token, lease_ends, created_at) "
          "VALUES (?, 0, ?, 0, '', ?, now_ms() + ?, now_ms())",
          key, "photo.png", lease, lease_ms);
  const auto id = on.last_insert_id();
  execute(on,
          "INSERT INTO task (file_id, kind, due_at, generation, attempts, erase_again) "
          "SELECT id, 0, lease_ends, 1, 0, 0 FROM file WHERE id = ?",
          id);
  commit(on);
  return id;
}

std::int64_t insert_person(mysql_connection& on, std::uint64_t number) {
  const std::array<std::string, 5> words{"ada", "load", fmt::format("{}", number), "lisbon", "rust"};
  const auto name = fmt::format("Ada Load {}", number);
  const auto folded = fmt::format("ada load {}", number);
  execute(
      on,
      "INSERT INTO person (name, location, age, technology, folded_name, folded_location, folded_technology, "
      "words, file_count, has_files, version, created_at, updated_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, now_ms(), now_ms())",
      name, "Lisbon", 18 + number % 60, "Rust", folded, "lisbon", "rust", " " + folded + " lisbon rust", 1,
      1);
  const auto id = on.last_insert_id();
  for (const auto& word : words) {
    execute(on, "INSERT INTO person_word (word, person_id) VALUES (?, ?)", word, id);
  }
  return id;
}

void lock_file(mysql_connection& on, std::int64_t file) {
  query row(on,
            "SELECT state, lease_token, CASE WHEN lease_ends > now_ms() THEN 1 ELSE 0 END, person_id "
            "FROM file WHERE id = ? /*lock*/",
            file);
  row.next();
}

// The second: the person and all that belongs to it.
std::int64_t commit_submission(mysql_connection& on, std::string_view lease, std::int64_t file,
                               std::uint64_t number) {
  on.begin();
  lock_file(on, file);
  const auto person = insert_person(on, number);
  execute(on,
          "UPDATE file SET state = 1, person_id = ?, size = ?, media_type = ?, sha256 = ?, "
          "created_at = now_ms() WHERE id = ? AND state = 0 AND lease_token = ? AND lease_ends > now_ms()",
          person, 100'000, "image/png", base::sha256_of(lease), file, lease);
  execute(on,
          "UPDATE task SET kind = ?, generation = generation + 1, attempts = 0, erase_again = ?, "
          "due_at = now_ms() WHERE file_id = ?",
          1, 0, file);
  execute(on, "INSERT INTO history (person_id, at, action, what) VALUES (?, now_ms(), ?, ?)", person,
          "created", "1 file");
  commit(on);
  return person;
}

}  // namespace

std::int64_t submit_rows(mysql_connection& on, std::uint64_t number) {
  const auto lease = stores::sql::make_commit_token(on.server_time_ms()).hex;  // as random as Dossier's
  const auto file = begin_file(on, lease, "files/" + lease);
  return commit_submission(on, lease, file, number);
}

bool look_up_row(mysql_connection& on, std::int64_t id) {
  query rows(on,
             "SELECT p.id, p.name, p.location, p.age, p.technology, p.created_at, p.updated_at, p.version, "
             "f.id, f.person_id, f.object_key, f.name, f.size, f.media_type, f.sha256, f.created_at "
             "FROM person p LEFT JOIN file f ON f.person_id = p.id WHERE p.id = ? ORDER BY f.id",
             id);
  bool found = false;
  while (rows.next()) found = true;
  return found;
}

}  // namespace dossier::bench
