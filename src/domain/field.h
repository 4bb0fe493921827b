// The fields of a person are defined by one table, in field_rows.cc. Everything else is made from it: the
// form and its checks, the pages, the list with its columns, filters and orders, the API and its document,
// what a search finds, the history, the import and the columns of the records.
//
// To add a field, add a row at the end of the details and, for each dialect of SQL, a script in db/ that adds
// its columns (docs/fields.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dossier::domain {

enum class field_kind {
  text,          // one line
  whole_number,  // from 0, at most 999
  file,          // it holds files and is not a detail
};

// How a list of people can be filtered by a field.
enum class field_filter {
  none,
  text,   // by the beginning of its text, or the whole text
  range,  // from one number to another
};

struct field {
  std::string_view name;   // in forms, JSON and URLs; also the column in the records
  std::string_view label;  // above its input, and where it is shown: "Location"
  std::string_view noun;   // within a sentence: "location"
  field_kind kind = field_kind::text;
  std::string_view article = "a";  // of the noun
  std::string_view hint = {};      // below the label; empty: none
  bool required = true;
  int most = 200;                // the longest text, in characters; or the largest number
  bool searched = false;         // a search finds its words
  std::string_view spoken = {};  // its word in the hint of the search box; empty: the noun
  field_filter filter = field_filter::none;
  int filter_place = 0;               // its place among the filters, from 1
  char filter_term = 0;               // its filter's letter in the search index; it must never change
  char order_term = 0;                // the letter of the order by it; 0: the list cannot be sorted by it
  bool listed = true;                 // the list has a column for it
  bool links_to_same = false;         // in the list, its value links to all people who have the same value
  std::string_view suggestions = {};  // HTML id of the list that suggests other people's values; empty: none
  std::string_view autocomplete = "off";  // HTML attributes of its input
  std::string_view pattern = {};
  bool capitalized = false;              // on-screen keyboards begin each word with a capital
  bool spelled = true;                   // the browser may check its spelling
  std::string_view range_words[2] = {};  // "older" and "younger": for the API's document
  std::string_view origin_column = {};   // its column at the origin (origin_reader.h); empty: it had none
};

// All rows, details first. The first row is the name, which is also the author of the person's files in the
// catalog.
std::span<const field> field_rows();

// The details: all rows except those for files. A detail is identified by its index here.
std::span<const field> detail_fields();
inline constexpr std::size_t name_field = 0;
// The number of details in the first version of Dossier. These details always stay the first ones.
inline constexpr std::size_t details_at_first = 4;

// The index of the detail with this name; empty if there is none.
std::optional<std::size_t> find_detail(std::string_view name);

// The indexes of the details that lists can be filtered by, in the order of filter_place.
std::span<const std::size_t> filtered_details();

// Changes with the number of details; the search index is then built again.
std::int64_t fields_version();

}  // namespace dossier::domain
