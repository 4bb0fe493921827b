#include "stores/sql/rows.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/text_policy.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

using domain::field_kind;

// States and kinds are numbered from 0 to 2.
std::int64_t read_named(const query& row, int column, std::string_view what) {
  const auto number = row.integer(column);
  if (number >= 0 && number <= 2) return number;
  throw failure(base::error_code::internal, "The records hold what this version of Dossier does not know.",
                fmt::format("{} is {}", what, number));
}

std::vector<std::size_t> places_of(field_kind kind) {
  const auto all = domain::detail_fields();
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind == kind) places.push_back(i);
  }
  return places;
}

}  // namespace

const std::string& person_columns() {
  static const std::string columns = [] {
    std::string all = "p.id";
    for (const auto& field : domain::detail_fields()) all.append(", p.").append(field.name);
    return all + ", p.created_at, p.updated_at, p.version, p.file_count";
  }();
  return columns;
}

int count_person_columns() {
  return static_cast<int>(domain::detail_fields().size()) + 5;
}

domain::person read_person(const query& row, int first) {
  domain::person who;
  int column = first;
  who.id = {row.integer(column++)};
  who.details = read_details(row, column);
  column += static_cast<int>(who.details.size());
  who.created_at = row.time(column++);
  who.updated_at = row.time(column++);
  who.version = row.integer(column++);
  who.file_count = row.integer(column++);
  return who;
}

domain::details read_details(const query& row, int first) {
  domain::details read;
  for (std::size_t i = 0; i < read.size(); ++i) {
    const int column = first + static_cast<int>(i);
    if (row.is_null(column)) continue;
    const bool number = domain::detail_fields()[i].kind == field_kind::whole_number;
    read[i] = number ? std::to_string(row.integer(column)) : row.string(column);
  }
  return read;
}

void add_details(query& to, const domain::details& what) {
  for (std::size_t i = 0; i < what.size(); ++i) {
    if (domain::detail_fields()[i].kind != field_kind::whole_number) {
      to.add(what[i]);
    } else {
      to.add(what[i].empty() ? std::nullopt : std::optional(what.number(i)));
    }
  }
}

std::string folded_column(std::size_t field) {
  base::expects(
      field < domain::detail_fields().size() && domain::detail_fields()[field].kind == field_kind::text,
      "only a text is kept folded");
  return "folded_" + std::string(domain::detail_fields()[field].name);
}

std::span<const std::size_t> text_details() {
  static const auto places = places_of(field_kind::text);
  return places;
}

std::span<const std::size_t> number_details() {
  static const auto places = places_of(field_kind::whole_number);
  return places;
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

namespace {

// Selects the person, and the files unless there are many.
std::string select_with_files() {
  return "SELECT " + person_columns() +
         ", " DOSSIER_FILE_COLUMNS
         " FROM person p LEFT JOIN file f ON f.person_id = p.id AND p.file_count <= ? WHERE p.id";
}

}  // namespace

base::result<domain::person> load_person_in_one(connection& on, domain::person_id id) {
  static const std::string select = select_with_files() + " = ? ORDER BY f.id";
  const int files = count_person_columns();
  query rows(on, select, domain::files_seen_for_photo, id);
  if (!rows.next()) return std::unexpected(no_such_person());
  auto who = read_person(rows, 0);
  if (rows.is_null(files)) return who;
  do {
    domain::take_file(who, read_file(rows, files));
  } while (rows.next());
  return who;
}

base::result<domain::person> load_person(connection& on, domain::person_id id) {
  auto who = load_person_in_one(on, id);
  if (who && lacks_files(*who)) load_files(on, *who);
  return who;
}

std::vector<domain::person> load_people(connection& on, std::span<const domain::person_id> ids) {
  base::expects(!ids.empty() && ids.size() <= most_people_at_once, "1 to 32 people are read at once");
  static const std::string select = select_with_files();
  const int files = count_person_columns();
  query rows(on, among(select, ids.size()) + " ORDER BY p.id, f.id");
  rows.add(domain::files_seen_for_photo);
  add_all(rows, ids);
  std::vector<domain::person> found;
  while (rows.next()) {
    if (found.empty() || found.back().id.value != rows.integer(0)) found.push_back(read_person(rows, 0));
    if (!rows.is_null(files)) domain::take_file(found.back(), read_file(rows, files));
  }
  return found;
}

bool lacks_files(const domain::person& who) {
  return has_many_files(who) && who.files.empty();
}

void load_files(connection& on, domain::person& owner) {
  base::expects(owner.files.empty(), "a person's files are read once");
  query rows(on, "SELECT " DOSSIER_FILE_COLUMNS " FROM file f WHERE f.person_id = ? ORDER BY f.id LIMIT ?",
             owner.id, domain::files_seen_for_photo);
  while (rows.next()) domain::take_file(owner, read_file(rows, 0));
}

void load_files(connection& on, std::span<domain::person* const> owners) {
  std::vector<domain::person_id> ids;
  for (auto* who : owners) {
    base::expects(who->files.empty(), "a person's files are read once");
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
  std::vector<std::string_view> searched;
  for (const auto i : text_details()) {
    text.folded.push_back(i == domain::name_field ? name_key(details[i]) : folded_key(details[i]));
    if (domain::detail_fields()[i].searched) searched.emplace_back(details[i]);
  }
  text.words = base::index_words(searched);
  for (const auto& word : text.words) text.joined += " " + word;
  return text;
}

void owe(connection& on, domain::file_id file, domain::task_kind kind, bool erase_again) {
  base::expects(kind != domain::task_kind::reap, "a reap is owed by owe_reap()");
  base::expects(!erase_again || kind == domain::task_kind::erase, "only an erase is done again");
  // MySQL assigns the columns from left to right, SQLite all at once; in this order both have the same
  // result. A failed attempt may still have its effect later, like a write that timed out. In that case the
  // file is erased twice.
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
  base::expects(by != 0, "the number of files changes");
  execute(
      on,
      "UPDATE person SET has_files = CASE WHEN file_count + ? > 0 THEN 1 ELSE 0 END, "
      "file_count = file_count + ?, pending = 1, version = version + 1, updated_at = now_ms() WHERE id = ?",
      by, by, id);
  base::expects(on.rows_met() == 1, "the person whose files change is locked");
}

void remember(connection& on, domain::person_id id, std::string_view action, std::string_view what,
              const domain::actor& by) {
  execute(on, "INSERT INTO history (person_id, at, action, what, account_id) VALUES (?, now_ms(), ?, ?, ?)",
          id, action, what, by.account.value);
}

}  // namespace dossier::stores::sql
