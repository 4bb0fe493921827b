// Keeps the search's index in step with the people. The worker of any node calls this; each call does one
// batch of limited size. See docs/adr/0017-search-index.md.
//
// If a person's `pending` is 1, the index does not have the person's latest details, and searches look at the
// person's row instead. A row of search_entry has what the index has of a person, so that it can be removed
// from the index even when the person was changed or deleted. A row of search_gone names a person who was
// deleted.
//
// Stored texts were folded by some version of the text policy. search_state has the highest version that any
// node has had so far. When it rises, all people are looked at again in order of id (a "sweep"), and people
// whose texts an earlier version folded become pending. Nodes with a lower version do not update the index.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/values.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

// The previous version of Dossier keeps the words in a separate table and searches there. Its nodes may use
// the same database as nodes of this version (docs/adr/0009-one-step.md). With SQLite, where there is one
// process, there is no such table. The next version removes it.
void add_former_words(connection& on, domain::person_id id, std::span<const std::string> words);
void change_former_words(connection& on, domain::person_id id, const std::vector<std::string>& before,
                         const std::vector<std::string>& after);

// The words in the column `words`, where a space precedes each word.
std::vector<std::string> split_words(std::string_view joined);

struct tending {
  std::int64_t policy = 0;   // of this node
  bool at_once = false;      // true: does not wait until more people are pending
  bool only_forget = false;  // true: removes deleted people, and adds nobody
  // Other writers of an SQLite file wait for a batch for about ten milliseconds.
  int people_in_batch = 800;
  int people_in_sweep = 1'000;
};

// Whether there is something to do now. Reads only.
bool is_index_due(connection& on, const tending& how);

// Does one batch, and answers whether more is left. Does nothing while another node is doing one.
bool tend_index(connection& on, const tending& how);

}  // namespace dossier::stores::sql
