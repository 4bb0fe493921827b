// The terms of the search's index. A person has terms for the beginnings of each word and of each text that
// lists are filtered or sorted by. There is one more term for each number that lists are filtered or sorted
// by, and one that says whether the person has files. The table of fields (domain/field.h) says which details
// those are, and the letter of each.
//
// Only beginnings of a few lengths ("levels") are stored, and a shorter text is stored whole. A search for a
// beginning reads a range of the terms of the next level: for "pytho" the terms of length 8 from "pytho" to
// "pytho…", which are few rows however many people have them; for "p" the one term "p" of length 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/field.h"

namespace dossier::stores::sql {

// The details that a search finds a person by. The texts are folded, and have no control characters.
struct search_entry {
  std::vector<std::string> texts;     // of text_details(), in their order
  std::vector<std::int64_t> numbers;  // of number_details()
  bool has_files = false;
  std::vector<std::string> words;
};

// Writes the entry as one text, and reads it back. `policy` is the index_policy() that the entry was written
// with; details that were added later are read as empty.
std::string write_entry(const search_entry& entry);
search_entry read_entry(std::string_view text, std::int64_t policy);

// The version of the rules that the index is made by: the text policy and the fields. An entry with another
// version is made again.
std::int64_t index_policy();

std::vector<std::string> terms_of(const search_entry& entry);

// The terms from `from` up to `to`, without `to`.
struct term_range {
  std::string from;
  std::string to;
};

// Each kind of term has a letter: that of a field (filter_term, order_term), or this one for words.
inline constexpr char word_term = 'w';

term_range range_of_beginning(char kind, std::string_view beginning);
// Finds this whole text only. There is no such range for words.
term_range range_of_whole(char kind, std::string_view text);
term_range range_of_numbers(char kind, std::int64_t from, std::int64_t to);
term_range range_of_files(bool has_files);
// The letter of a number's terms; 0: it has none.
char number_kind(const domain::field& which);

// For sorting by a text: the terms of one level are in the order of the texts, and each is a beginning of
// terms of the next level.
inline constexpr std::size_t order_levels = 5;
std::string order_term(char kind, std::size_t level, std::string_view beginning);
// The beginning of the text that its term of this level holds.
std::string order_at(std::size_t level, std::string_view text);
std::string_view beginning_of(std::string_view term);
// Whether it is a whole text, so that all people who have the term have the same text.
bool is_whole_text(std::string_view beginning);
// A text that sorts after all texts that have this beginning.
std::string end_of_range(std::string_view beginning);

}  // namespace dossier::stores::sql
