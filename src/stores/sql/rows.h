// Reads rows as values of the domain, and has the few statements that several transactions share.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/records.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {

// Columns of `person p` and `file f`, in the order that the readers below take them.
#define DOSSIER_FILE_COLUMNS \
  "f.id, f.person_id, f.object_key, f.name, f.size, f.media_type, f.sha256, f.created_at"
inline constexpr int file_columns = 8;

// "p.id, p.name, …": what read_person() reads, and how many columns those are. Without the person's files.
const std::string& person_columns();
int count_person_columns();
domain::person read_person(const query& row, int first);
domain::details read_details(const query& row, int first);

// The column of a text that holds it folded: "folded_name".
std::string folded_column(std::size_t field);
// The places of the details that are texts, and of those that are numbers, in order.
std::span<const std::size_t> text_details();
std::span<const std::size_t> number_details();
// Binds each detail, in order.
void add_details(query& to, const domain::details& what);

domain::file read_file(const query& row, int first);
// Throws `failure` when the number has no name here: a newer version, or somebody by hand, wrote it.
domain::file_state read_state(const query& row, int column);
domain::task_kind read_kind(const query& row, int column);

// With the files that come with a person; not_found.
base::result<domain::person> load_person(connection& on, domain::person_id id);
// The same in one statement, so that a look-up in a database elsewhere is one message. Leaves out the files
// of a person who has many.
base::result<domain::person> load_person_in_one(connection& on, domain::person_id id);
// The same for 1 to most_people_at_once people: answers those who are there, in order of their ids.
inline constexpr std::size_t most_people_at_once = 32;
std::vector<domain::person> load_people(connection& on, std::span<const domain::person_id> ids);
// Whether one of these two left out the person's files.
bool lacks_files(const domain::person& who);
// Reads the files of these people, who were read without.
void load_files(connection& on, std::span<domain::person* const> owners);
void load_files(connection& on, domain::person& owner);
// All of a person's files.
std::vector<domain::file_id> load_file_ids(connection& on, domain::person_id id);
base::error no_such_person();
base::error no_such_file();

// The text folded, and cut to 1,000 bytes, which only a text that grows by folding exceeds: one character may
// become 18. Sort keys travel in addresses, and databases limit what an index takes.
std::string folded_key(std::string_view text);
// The same for the key that names are sorted by.
std::string name_key(std::string_view name);

// What a person is found by.
struct search_text {
  std::vector<std::string>
      folded;  // of text_details(), in order: name_key() of the name, folded_key() of the others
  std::vector<std::string> words;
  std::string joined;  // each word after a space
};
search_text search_text_of(const domain::details& details);

// This is owed for the file from now on, instead of any other task: an `index` or an `erase`. While the old
// task is being done, its lease stays, so that two tasks of one file never run at the same time, and the new
// one comes due when the old one is confirmed.
void owe(connection& on, domain::file_id file, domain::task_kind kind, bool erase_again = false);

// Inserts the `reap` of an upload that has begun, due when its lease ends.
void owe_reap(connection& on, domain::file_id file);

// Inserts a row that is `deleting`, with its `erase` due now; does nothing when the key has a row.
void adopt(connection& on, const domain::object_key& key);

// Adds to the person's number of files and raises the person's version. Until the index has the change,
// searches look at the row.
void change_file_count(connection& on, domain::person_id id, int by);

void remember(connection& on, domain::person_id id, std::string_view action, std::string_view what);

}  // namespace dossier::stores::sql
