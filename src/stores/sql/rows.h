// Rows as values of the domain, and the few statements that several transactions share.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/records.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {

// Columns of `person p` and `file f`, in the order that the readers below take them.
#define DOSSIER_PERSON_COLUMNS \
  "p.id, p.name, p.location, p.age, p.technology, p.created_at, p.updated_at, p.version, p.file_count"
#define DOSSIER_FILE_COLUMNS \
  "f.id, f.person_id, f.object_key, f.name, f.size, f.media_type, f.sha256, f.created_at"
inline constexpr int person_columns = 9;
inline constexpr int file_columns = 8;

domain::person read_person(const query& row, int first);  // without its files
domain::file read_file(const query& row, int first);
// A number that has no name here throws `failure`: a newer version, or somebody by hand, wrote it.
domain::file_state read_state(const query& row, int column);
domain::task_kind read_kind(const query& row, int column);

// With the files that come with a person; not_found.
base::result<domain::person> load_person(connection& on, domain::person_id id);
// The same in one statement, which leaves out the files of who has many: to a database elsewhere a look-up is
// one message.
base::result<domain::person> load_person_in_one(connection& on, domain::person_id id);
// As before, those of these who are there, in order of their ids. At most so many.
inline constexpr std::size_t most_people_at_once = 32;
std::vector<domain::person> load_people(connection& on, std::span<const domain::person_id> ids);
// Whether this person's files were left out so.
bool lacks_files(const domain::person& who);
// Reads the files that come with these, who have none yet.
void load_files(connection& on, std::span<domain::person* const> owners);
void load_files(connection& on, domain::person& owner);
// All of a person's files.
std::vector<domain::file_id> load_file_ids(connection& on, domain::person_id id);
base::error no_such_person();
base::error no_such_file();

// Folded, and cut where it is longer than any text that does not grow by folding: one character may
// become 18. Sort keys travel in addresses, and databases bound what an index takes.
std::string folded_key(std::string_view text);
// The same of what names are sorted by.
std::string name_key(std::string_view name);

// What a person is found by.
struct search_text {
  std::string name;        // name_key()
  std::string location;    // folded_key()
  std::string technology;  // folded_key()
  std::vector<std::string> words;
  std::string joined;  // each word after a space
};
search_text search_text_of(const domain::details& details);

// This is owed for the file now, instead of what was. A task that is being done keeps its lease, so that two
// of one file never run at the same time, and comes due when that one is confirmed.
void owe(connection& on, domain::file_id file, domain::task_kind kind, bool erase_again = false);

// The row of an upload that has begun owes its `reap`, due when its lease ends.
void owe_reap(connection& on, domain::file_id file);

// Inserts a row that is `deleting`, with its `erase` due now; does nothing when the key has a row.
void adopt(connection& on, const domain::object_key& key);

// Adds to the person's number of files and raises its version. Searches look at the row until the index has
// it.
void change_file_count(connection& on, domain::person_id id, int by);

void remember(connection& on, domain::person_id id, std::string_view action, std::string_view what);

}  // namespace dossier::stores::sql
