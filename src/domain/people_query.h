// A query for the directory of people (words, filters, an order, a page) and its answer. A page is named by
// the person at its edge.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "domain/values.h"

namespace dossier::domain {

// The orders of a list: by when people were added, and by each detail that has an order in the table of
// fields. The latter begin with `name` and are in the order of the table. Numbers: the smallest first; ties
// by id.
enum class people_sort { newest, oldest, name, age };

// The detail that the list is sorted by; empty for newest and oldest.
std::optional<std::size_t> detail_of(people_sort sort);
// All orders, each with its name in URLs: newest, oldest, name, age, …
struct named_sort {
  people_sort sort = people_sort::newest;
  std::string_view name;
};
std::span<const named_sort> people_sorts();
std::optional<people_sort> parse_sort(std::string_view name);

// A position between two people in one order. Clients get it as an opaque text: encode_cursor().
struct people_cursor {
  people_sort sort = people_sort::newest;
  bool backwards = false;  // the page before this position, not after it
  std::string key;         // sort key at the edge: folded text or number; empty for newest and oldest
  std::int64_t id = 0;
};

// What is wrong with the words of a search (too long, or too many); empty if they are fine. The text must be
// UTF-8.
std::optional<std::string> wrong_with_words(std::string_view words);

// Texts are compared after folding; a text that folds to nothing matches nobody.
enum class comparison { begins_with, equals, at_least, at_most };

struct detail_filter {
  std::size_t field = 0;  // of detail_fields()
  comparison how = comparison::begins_with;
  std::string text = {};
  std::int64_t number = 0;
};

struct people_query {
  // Each word must be the beginning of a word in a detail that is searched. An empty text matches everybody;
  // a text without a word matches nobody.
  std::string words = {};
  std::vector<detail_filter> filters = {};  // at most one for each detail and comparison
  std::optional<bool> has_files = {};
  people_sort sort = people_sort::newest;
  int limit = 20;  // 1 to 100
  std::optional<people_cursor> cursor = {};
  // The client that asks: long reads of different clients take turns (base/fair_lane.h). Default: Dossier
  // itself.
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
  std::optional<file_id> after = {};  // the last file of the page before; it may have been deleted since
  int limit = 20;                     // 1 to 100
};

struct files_page {
  std::vector<file> items;
  std::optional<file_id> next;  // `after` of the next page; empty: this was the last page
};

// A position in a person's list of files as an opaque text: the whole query except its limit. Decoding
// returns nothing if the text is not valid.
std::string encode_cursor(const files_query& query);
std::optional<files_query> decode_files_cursor(std::string_view text);

std::string encode_cursor(const people_cursor& cursor);
std::optional<people_cursor> decode_cursor(std::string_view text);

}  // namespace dossier::domain
