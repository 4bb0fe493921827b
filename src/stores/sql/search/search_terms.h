// The terms of the search's index. A person has terms for the beginnings of each word, and of each text that
// lists are narrowed or ordered by. There is one more term for each number that lists are narrowed or ordered
// by, and one that says whether the person has files. The table of fields says which details those are, and
// the letter of each.
//
// A beginning is kept at a few lengths only ("levels"), and a text that is shorter is kept whole. What is
// asked for is a range of the terms of the next level: "pytho" is the terms of level 8 from "pytho" to
// "pytho…", few rows however many people have them, and "p" is the one term "p" of level 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/field.h"

namespace dossier::stores::sql {

// What a person is found by. The texts are folded, and have no control characters.
struct search_entry {
  std::vector<std::string> texts;     // of text_details(), in their order
  std::vector<std::int64_t> numbers;  // of number_details()
  bool has_files = false;
  std::vector<std::string> words;
};

// Writes the entry as one text, and reads it back. `policy` is that of the index when the entry was written
// (index_policy()): details that were added later are empty.
std::string write_entry(const search_entry& entry);
search_entry read_entry(std::string_view text, std::int64_t policy);

// The number of what the index is made by: the rules for text, and the fields. An entry with another number
// is made again.
std::int64_t index_policy();

std::vector<std::string> terms_of(const search_entry& entry);

// From one term up to another, which does not belong to it.
struct term_range {
  std::string from;
  std::string to;
};

// The letter of a kind of term is that of a field (filter_term, order_term), or this one.
inline constexpr char word_term = 'w';

term_range range_of_beginning(char kind, std::string_view beginning);
// For the whole text. Words have no such range.
term_range range_of_whole(char kind, std::string_view text);
term_range range_of_numbers(char kind, std::int64_t from, std::int64_t to);
term_range range_of_files(bool has_files);
// The letter of a number's terms; 0: it has none.
char number_kind(const domain::field& which);

// The order by a text: the terms of one level are in the order of the texts, and each is the beginning of
// those of the next level.
inline constexpr std::size_t order_levels = 5;
std::string order_term(char kind, std::size_t level, std::string_view beginning);
// The beginning of a text that its term of this level has.
std::string order_at(std::size_t level, std::string_view text);
std::string_view beginning_of(std::string_view term);
// Whether it is a whole text, so that all people who have the term have the same text.
bool is_whole_text(std::string_view beginning);
// Sorts after all texts that have this beginning.
std::string end_of_range(std::string_view beginning);

}  // namespace dossier::stores::sql
