// Keeps the search's index in step with the people, one bounded batch for each call, which the worker of any
// node makes. See docs/adr/0017-search-index.md.
//
// A person whose `pending` is 1 is not in the index as they are now; searches look at those one by one. A row
// of search_entry has what the index has of a person, so that it can be removed whatever became of the person
// and whoever changed them. A row of search_gone names a person who was deleted.
//
// What is stored was folded by some version of the text policy. search_state has the highest policy of any
// node so far. When it grows, everybody is looked at once more in order of id (a "sweep"), and people whom an
// earlier policy folded become pending. Nodes with a lower policy leave the index to the others.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/values.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

// The version before keeps words in a table of their own. Its nodes may work beside this one on the same
// database (docs/adr/0009-one-step.md), and search in that table. SQLite, with its one process, does not have
// it. The next version removes it.
void add_former_words(connection& on, domain::person_id id, std::span<const std::string> words);
void change_former_words(connection& on, domain::person_id id, const std::vector<std::string>& before,
                         const std::vector<std::string>& after);

// The words in the column `words`, where a space stands before each word.
std::vector<std::string> split_words(std::string_view joined);

struct tending {
  std::int64_t policy = 0;   // of this node
  bool at_once = false;      // does not wait until more people are pending
  bool only_forget = false;  // removes people who were deleted, and adds nobody
  // A batch keeps other writers of an SQLite file waiting for some ten milliseconds.
  int people_in_batch = 800;
  int people_in_sweep = 1'000;
};

// Whether there is something to do now. Reads only.
bool is_index_due(connection& on, const tending& how);

// Does one batch, and answers whether more is left. Does nothing while another node does it.
bool tend_index(connection& on, const tending& how);

}  // namespace dossier::stores::sql
