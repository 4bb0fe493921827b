// What the directory can be asked, and what it answers: newest first, words, filters, sort, keyset pages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "domain/values.h"

namespace dossier::domain {

enum class people_sort { newest, oldest, name, age };  // age: youngest first; ties by id

// A position between two people in one order. Opaque outside: encode_cursor() and decode_cursor().
struct people_cursor {
  people_sort sort = people_sort::newest;
  bool backwards = false;  // the page before this position, not after it
  std::string key;         // the sort key of the person at the edge: folded name, or age; empty for ids
  std::int64_t id = 0;
};

// What is wrong with words to search for, before anything is done with them: too long, too many. Nothing:
// they are fine. The text is UTF-8.
std::optional<std::string> wrong_with_words(std::string_view words);

struct people_query {
  // All must match, each as the beginning of a word of name, location or technology. Empty: any; text without
  // a word in it: nobody.
  std::string words;
  // Begins with this, after folding; empty: any; text of which folding leaves nothing: nobody.
  std::string technology;
  std::string location;
  // The same for the whole text.
  std::string technology_exact = {};
  std::string location_exact = {};
  std::optional<int> age_from;
  std::optional<int> age_to;  // inclusive
  std::optional<bool> has_files;
  people_sort sort = people_sort::newest;
  int limit = 20;  // 1 to 100
  std::optional<people_cursor> cursor;
  // Whose turn it takes when it takes long. Nobody's: our own.
  base::caller asker = {};
};

struct people_page {
  std::vector<person> items;
  std::optional<people_cursor> next;
  std::optional<people_cursor> previous;
};

// A page of one person's files.
struct files_query {
  person_id person;
  bool newest_first = false;
  std::optional<file_id> after = {};  // the last one of the page before; it may be gone by now
  int limit = 20;                     // 1 to 100
};

struct files_page {
  std::vector<file> items;
  std::optional<file_id> next;  // where the next page goes on; none: this was the last one
};

// Where a person's list of files goes on, in its order: all of the query but its limit. Opaque outside.
std::string encode_cursor(const files_query& query);
std::optional<files_query> decode_files_cursor(std::string_view text);

std::string encode_cursor(const people_cursor& cursor);
std::optional<people_cursor> decode_cursor(std::string_view text);

}  // namespace dossier::domain
