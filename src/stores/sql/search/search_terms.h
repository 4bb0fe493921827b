// The terms of the search's index. A person has one for every beginning of theirs that may be asked for: of
// each word, of the whole technology, location and name; and one for the age, and for having files.
//
// A beginning is kept at a few lengths only ("levels"): what is asked for is a range of the terms of the next
// level, in which a text that is shorter stands whole. So "pyth" is the terms w·8 from "pyth" to "pyth…", few
// rows whoever has them, and "p" is the one row w·1 "p".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dossier::stores::sql {

// What a person is found by. The texts are folded, and have no control characters.
struct search_entry {
  std::string name;  // the key of the order by name
  std::string location;
  std::string technology;
  std::int64_t age = 0;
  bool has_files = false;
  std::vector<std::string> words;
};

// As one text, and back.
std::string write_entry(const search_entry& entry);
search_entry read_entry(std::string_view text);

std::vector<std::string> terms_of(const search_entry& entry);

// From one term to another, which is not in it.
struct term_range {
  std::string from;
  std::string to;
};

enum class term_kind : char { word = 'w', technology = 't', location = 'l' };

term_range range_of_beginning(term_kind kind, std::string_view beginning);
// The whole text. Words have no such range.
term_range range_of_whole(term_kind kind, std::string_view text);
term_range range_of_ages(std::int64_t from, std::int64_t to);
term_range range_of_files(bool has_files);

// The order by name: the terms of one level are in the order of the names, and each is the beginning of those
// of the next level.
inline constexpr std::size_t name_levels = 5;
std::string name_term(std::size_t level, std::string_view beginning);
// Of a name, the beginning that its term of this level has.
std::string name_at(std::size_t level, std::string_view name);
std::string_view beginning_of(std::string_view term);
// Whether it is a name to its end, so that all who have the term have one name.
bool is_whole_name(std::string_view beginning);
// After all texts that begin so.
std::string end_of_range(std::string_view beginning);

}  // namespace dossier::stores::sql
