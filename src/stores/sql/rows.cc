#include "stores/sql/rows.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "base/text_policy.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

// States and kinds are numbered from 0 to 2.
std::int64_t read_named(const query& row, int column, std::string_view what) {
  const auto number = row.integer(column);
  if (number >= 0 && number <= 2) return number;
  throw failure(base::error_code::internal, "The records hold what this version of Dossier does not know.",
                fmt::format("{} is {}", what, number));
}

}  // namespace

domain::person read_person(const query& row, int first) {
  domain::person who;
  who.id = {row.integer(first)};
  who.details.name = row.string(first + 1);
  who.details.location = row.string(first + 2);
  who.details.age = static_cast<int>(row.integer(first + 3));
  who.details.technology = row.string(first + 4);
  who.created_at = row.time(first + 5);
  who.updated_at = row.time(first + 6);
  who.version = row.integer(first + 7);
  who.file_count = row.integer(first + 8);
  return who;
}

domain::file_state read_state(const query& row, int column) {
  return static_cast<domain::file_state>(read_named(row, column, "a file's state"));
}

domain::task_kind read_kind(const query& row, int column) {
  return static_cast<domain::task_kind>(read_named(row, column, "a task's kind"));
}

domain::file read_file(const query& row, int first) {
  domain::file one;
  one.id = {row.integer(first)};
  one.person = {row.integer(first + 1)};  // null reads as 0
  one.key = {row.string(first + 2)};
  one.name = row.string(first + 3);
  one.size = static_cast<std::uint64_t>(row.integer(first + 4));
  one.media_type = row.string(first + 5);
  one.digest = row.digest(first + 6);
  one.created_at = row.time(first + 7);
  return one;
}

namespace {

bool has_many_files(const domain::person& who) {
  return who.file_count > domain::files_seen_for_photo;
}

}  // namespace

// The person, and the files of who has few.
#define DOSSIER_PERSON_WITH_FILES                            \
  "SELECT " DOSSIER_PERSON_COLUMNS ", " DOSSIER_FILE_COLUMNS \
  " FROM person p LEFT JOIN file f ON f.person_id = p.id AND p.file_count <= ? WHERE p.id"

base::result<domain::person> load_person_in_one(connection& on, domain::person_id id) {
  query rows(on, DOSSIER_PERSON_WITH_FILES " = ? ORDER BY f.id", domain::files_seen_for_photo, id);
  if (!rows.next()) return std::unexpected(no_such_person());
  auto who = read_person(rows, 0);
  if (rows.is_null(person_columns)) return who;
  do {
    domain::take_file(who, read_file(rows, person_columns));
  } while (rows.next());
  return who;
}

base::result<domain::person> load_person(connection& on, domain::person_id id) {
  auto who = load_person_in_one(on, id);
  if (who && lacks_files(*who)) load_files(on, *who);
  return who;
}

std::vector<domain::person> load_people(connection& on, std::span<const domain::person_id> ids) {
  query rows(on, among(DOSSIER_PERSON_WITH_FILES, ids.size()) + " ORDER BY p.id, f.id");
  rows.add(domain::files_seen_for_photo);
  add_all(rows, ids);
  std::vector<domain::person> found;
  while (rows.next()) {
    if (found.empty() || found.back().id.value != rows.integer(0)) found.push_back(read_person(rows, 0));
    if (!rows.is_null(person_columns)) domain::take_file(found.back(), read_file(rows, person_columns));
  }
  return found;
}

bool lacks_files(const domain::person& who) {
  return has_many_files(who) && who.files.empty();
}

void load_files(connection& on, domain::person& owner) {
  query rows(on, "SELECT " DOSSIER_FILE_COLUMNS " FROM file f WHERE f.person_id = ? ORDER BY f.id LIMIT ?",
             owner.id, domain::files_seen_for_photo);
  while (rows.next()) domain::take_file(owner, read_file(rows, 0));
}

void load_files(connection& on, std::span<domain::person* const> owners) {
  std::vector<domain::person_id> ids;
  for (auto* who : owners) {
    if (has_many_files(*who)) {
      load_files(on, *who);
    } else if (who->file_count > 0) {
      ids.push_back(who->id);
    }
  }
  in_lists(std::span<const domain::person_id>(ids), [&](std::span<const domain::person_id> some) {
    query rows(on, among("SELECT " DOSSIER_FILE_COLUMNS " FROM file f WHERE f.person_id", some.size()) +
                       " ORDER BY f.person_id, f.id");
    add_all(rows, some);
    while (rows.next()) {
      auto next = read_file(rows, 0);
      const auto owner = std::ranges::find(owners, next.person, &domain::person::id);
      if (owner != owners.end()) domain::take_file(**owner, std::move(next));
    }
  });
}

std::vector<domain::file_id> load_file_ids(connection& on, domain::person_id id) {
  std::vector<domain::file_id> ids;
  query rows(on, "SELECT id FROM file WHERE person_id = ? ORDER BY id", id);
  while (rows.next()) ids.push_back({rows.integer(0)});
  return ids;
}

base::error no_such_person() {
  return {base::error_code::not_found, "There is no such record."};
}

base::error no_such_file() {
  return {base::error_code::not_found, "There is no such file."};
}

namespace {

std::string cut(std::string folded) {
  constexpr std::size_t longest = 1000;
  if (folded.size() <= longest) return folded;
  std::size_t end = longest;
  while ((static_cast<unsigned char>(folded[end]) & 0xc0) == 0x80) --end;
  folded.resize(end);
  return folded;
}

}  // namespace

std::string folded_key(std::string_view text) {
  return cut(base::fold(text));
}

std::string name_key(std::string_view name) {
  return cut(base::sort_key(name));
}

search_text search_text_of(const domain::details& details) {
  search_text text;
  text.name = name_key(details.name);
  text.location = folded_key(details.location);
  text.technology = folded_key(details.technology);
  const std::array<std::string_view, 3> texts{details.name, details.location, details.technology};
  text.words = base::index_words(texts);
  for (const auto& word : text.words) text.joined += " " + word;
  return text;
}

void owe(connection& on, domain::file_id file, domain::task_kind kind, bool erase_again) {
  // MySQL assigns from left to right and SQLite all at once: this order means the same to both. What was
  // tried for the file and failed may have its effect yet, as a write that timed out: it is erased twice.
  const bool erasing = kind == domain::task_kind::erase;
  const auto met = execute(on,
                           "UPDATE task SET kind = ?, generation = generation + 1, "
                           "erase_again = CASE WHEN ? > 0 OR (? > 0 AND attempts > 0) "
                           "THEN 1 ELSE 0 END, attempts = 0, "
                           "due_at = CASE WHEN lease_token IS NOT NULL AND due_at > now_ms() THEN due_at "
                           "ELSE now_ms() END, "
                           "lease_token = CASE WHEN due_at > now_ms() THEN lease_token ELSE NULL END "
                           "WHERE file_id = ?",
                           static_cast<int>(kind), erase_again, erasing, file);
  if (met > 0) return;
  execute(on,
          "INSERT INTO task (file_id, kind, due_at, generation, attempts, erase_again) "
          "VALUES (?, ?, now_ms(), 1, 0, ?)",
          file, static_cast<int>(kind), erase_again);
}

void owe_reap(connection& on, domain::file_id file) {
  execute(on,
          "INSERT INTO task (file_id, kind, due_at, generation, attempts, erase_again) "
          "SELECT id, :reap, lease_ends, 1, 0, 0 FROM file WHERE id = ?",
          file);
}

void adopt(connection& on, const domain::object_key& key) {
  {
    query row(on, "SELECT 1 FROM file WHERE object_key = ?", key);
    if (row.next()) return;
  }
  execute(on,
          "INSERT INTO file (object_key, state, name, size, media_type, created_at) VALUES (?, :deleting, "
          "'', 0, '', "
          "now_ms())",
          key);
  owe(on, {on.last_insert_id()}, domain::task_kind::erase);
}

void change_file_count(connection& on, domain::person_id id, int by) {
  execute(
      on,
      "UPDATE person SET has_files = CASE WHEN file_count + ? > 0 THEN 1 ELSE 0 END, "
      "file_count = file_count + ?, pending = 1, version = version + 1, updated_at = now_ms() WHERE id = ?",
      by, by, id);
}

void remember(connection& on, domain::person_id id, std::string_view action, std::string_view what) {
  execute(on, "INSERT INTO history (person_id, at, action, what) VALUES (?, now_ms(), ?, ?)", id, action,
          what);
}

}  // namespace dossier::stores::sql
