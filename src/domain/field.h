// The fields of a person are one table, the rows of field_rows.cc. Everything else follows from it: the form
// and its checks, the pages, the list with its columns, filters and orders, the API and its document, what a
// search finds, the history, the import and the columns of the records.
//
// To add a field: a row at the end of the details, and for each dialect of SQL a script in db/ that adds its
// columns (docs/fields.md).
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
  file,          // it carries files, and is not a detail
};

// How a list of people can be narrowed by a field.
enum class field_filter {
  none,
  text,   // by the beginning of its text, or the whole text
  range,  // from one number to another
};

struct field {
  std::string_view name;   // in forms, JSON and addresses; the column in the records
  std::string_view label;  // above its input, and where it is shown: "Location"
  std::string_view noun;   // within a sentence: "location"
  field_kind kind = field_kind::text;
  std::string_view article = "a";  // of the noun
  std::string_view hint = {};      // below the label; empty: none
  bool required = true;
  int most = 200;                // characters of a text; the largest number
  bool searched = false;         // a search finds its words
  std::string_view spoken = {};  // what the search's placeholder calls it
  field_filter filter = field_filter::none;
  int filter_place = 0;               // among the filters, from 1
  char filter_term = 0;               // its own letter in the search's index; it never changes
  char order_term = 0;                // the letter of the order by it; 0: the list is not ordered by it
  bool listed = true;                 // a column of the list
  bool links_to_same = false;         // in the list, its value links to all people who have the same value
  std::string_view suggestions = {};  // the id of the list that offers others' values; empty: none
  std::string_view autocomplete = "off";  // HTML's attributes of its input
  std::string_view pattern = {};
  bool capitalized = false;              // as names are
  bool spelled = true;                   // the browser may check its spelling
  std::string_view range_words[2] = {};  // "older" and "younger": for the API's document
  std::string_view origin_column = {};   // in the application that Dossier succeeds; empty: it had none
};

// The rows, details first; the first is the name, which is also the author of the person's files in the
// catalog.
std::span<const field> field_rows();

// The rows that are details: all that are not files. A detail is named by its place among them.
std::span<const field> detail_fields();
inline constexpr std::size_t name_field = 0;
// How many details the first version had; they always stay the first ones.
inline constexpr std::size_t details_at_first = 4;

// The place of a detail by its name; nothing when there is none.
std::optional<std::size_t> find_detail(std::string_view name);

// The places of the details that lists can be narrowed by, in the order of their filters.
std::span<const std::size_t> filtered_details();

// Changes whenever the number of details does; the search's index is then made again.
std::int64_t fields_version();

}  // namespace dossier::domain
