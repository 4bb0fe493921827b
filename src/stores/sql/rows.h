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

// The columns that read_person() reads ("p.id, p.name, …"), and their number. They do not include the
// person's files.
const std::string& person_columns();
int count_person_columns();
domain::person read_person(const query& row, int first);
domain::details read_details(const query& row, int first);

// The column that holds a text detail in folded form, such as "folded_name".
std::string folded_column(std::size_t field);
// The places of the details that are texts, and of those that are numbers, in order.
std::span<const std::size_t> text_details();
std::span<const std::size_t> number_details();
// Binds each detail, in order.
void add_details(query& to, const domain::details& what);

domain::file read_file(const query& row, int first);
// Throws `failure` when this version does not know the number, because a newer version or somebody by hand
// wrote it.
domain::file_state read_state(const query& row, int column);
domain::task_kind read_kind(const query& row, int column);

// Reads the person with the files that are shown with a person. not_found.
base::result<domain::person> load_person(connection& on, domain::person_id id);
// The same in one statement, so that a look-up in a database on another machine takes one message. Leaves out
// the files of a person who has many.
base::result<domain::person> load_person_in_one(connection& on, domain::person_id id);
// The same for 1 to most_people_at_once people: answers those who exist, in order of their ids.
inline constexpr std::size_t most_people_at_once = 32;
std::vector<domain::person> load_people(connection& on, std::span<const domain::person_id> ids);
// Whether load_person_in_one() or load_people() left out the person's files.
bool lacks_files(const domain::person& who);
// Reads the files of these people, who were read without their files.
void load_files(connection& on, std::span<domain::person* const> owners);
void load_files(connection& on, domain::person& owner);
// All of a person's files.
std::vector<domain::file_id> load_file_ids(connection& on, domain::person_id id);
base::error no_such_person();
base::error no_such_file();

// The folded text, cut to 1,000 bytes. Only a text that grows when it is folded can be longer, because one
// character may become 18. It is cut because sort keys are part of URLs and databases limit the length of an
// index entry.
std::string folded_key(std::string_view text);
// The same for the key that names are sorted by.
std::string name_key(std::string_view name);

// The texts that a search finds a person by.
struct search_text {
  std::vector<std::string>
      folded;  // of text_details(), in order: name_key() of the name, folded_key() of the others
  std::vector<std::string> words;
  std::string joined;  // all words, each after a space
};
search_text search_text_of(const domain::details& details);

// Replaces the file's task with an `index` or an `erase`; with `erase_again`, the `erase` is done twice.
// While a worker does the old task, its lease stays, so that two tasks of one file never run at the same
// time. The new task becomes due when the old one is confirmed.
void owe(connection& on, domain::file_id file, domain::task_kind kind, bool erase_again = false);

// Inserts the `reap` of an upload that has begun, due when its lease ends.
void owe_reap(connection& on, domain::file_id file);

// Inserts a row that is `deleting`, with its `erase` due now; does nothing when the key has a row.
void adopt(connection& on, const domain::object_key& key);

// Adds to the person's number of files and raises the person's version. Until the index has the change,
// searches look at the row.
void change_file_count(connection& on, domain::person_id id, int by);

// Adds an entry to the person's history, which names the account. The audit log has its own (sql_audit.h).
void remember(connection& on, domain::person_id id, std::string_view action, std::string_view what,
              const domain::actor& by);

}  // namespace dossier::stores::sql
