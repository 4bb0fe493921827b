// Keeps the search's index in step with the people, a bounded batch at a time, by whoever calls: the worker
// of any node. See docs/adr/0017-search-index.md.
//
// A person whose `pending` is 1 is not in the index as they are now; searches look at those one by one. What
// the index has of a person is written in search_entry, so that it can be taken out again whatever became of
// the person and whoever changed them; one who is gone is named in search_gone.
//
// What is stored was folded by some version of the text policy; the highest that any node brought stands in
// search_state. When it grows, everybody is looked at once more ("sweep"), in order of id, and those whom an
// earlier policy folded become pending. Nodes with a lower one leave the index to the others.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/values.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

// The words as the version before keeps them, in a table of their own: its nodes may work beside this one on
// the same database (docs/adr/0009-one-step.md), and search there. SQLite has one process, and not the table.
// The version after this one takes them away.
void add_former_words(connection& on, domain::person_id id, std::span<const std::string> words);
void change_former_words(connection& on, domain::person_id id, const std::vector<std::string>& before,
                         const std::vector<std::string>& after);

// Of the column `words`, in which each word follows a space.
std::vector<std::string> split_words(std::string_view joined);

struct tending {
  std::int64_t policy = 0;   // of this node
  bool at_once = false;      // also few, who may wait for company
  bool only_forget = false;  // those who are gone; takes nobody in
  // A batch keeps other writers of an SQLite file waiting for some ten milliseconds.
  int people_in_batch = 800;
  int people_in_sweep = 1'000;
};

// Whether there is something to do now. Reads only.
bool is_index_due(connection& on, const tending& how);

// Does a batch of it, and answers whether more is left. When another node is doing so: nothing.
bool tend_index(connection& on, const tending& how);

}  // namespace dossier::stores::sql
