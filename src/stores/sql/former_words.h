// The words as the version before keeps them, in a table of their own: its nodes may work beside this one on
// the same database (docs/adr/0009-one-step.md), and search there. SQLite has one process, and not the table.
// The version after this one takes them away.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/values.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {

void add_former_words(connection& on, domain::person_id id, std::span<const std::string> words);
void change_former_words(connection& on, domain::person_id id, const std::vector<std::string>& before,
                         const std::vector<std::string>& after);

// Of the column `words`, in which each word follows a space.
std::vector<std::string> split_words(std::string_view joined);

}  // namespace dossier::stores::sql
