// The rows of src/domain/field_rows.cc, and one more: "department".
#include "domain/field.h"

namespace dossier::domain {
namespace {

constexpr field rows[] = {
    {.name = "name",
     .label = "Name",
     .noun = "name",
     .searched = true,
     .spoken = "name",
     .order_term = 'n',
     .autocomplete = "name",
     .capitalized = true,
     .spelled = false,
     .origin_column = "name"},
    {.name = "location",
     .label = "Location",
     .noun = "location",
     .hint = "A town, an office or a country",
     .searched = true,
     .spoken = "place",
     .filter = field_filter::text,
     .filter_place = 2,
     .filter_term = 'l',
     .autocomplete = "address-level2",
     .capitalized = true,
     .origin_column = "location"},
    {.name = "age",
     .label = "Age",
     .noun = "age",
     .kind = field_kind::whole_number,
     .article = "an",
     .hint = "In whole years",
     .most = 150,
     .filter = field_filter::range,
     .filter_place = 3,
     .filter_term = 'a',
     .order_term = 'a',
     .pattern = "0*([0-9]{1,2}|1[0-4][0-9]|150)",
     .range_words = {"older", "younger"},
     .origin_column = "age"},
    {.name = "technology",
     .label = "Technology",
     .noun = "technology",
     .hint = "What they work with most, like “Python” or “Terraform”",
     .searched = true,
     .spoken = "technology",
     .filter = field_filter::text,
     .filter_place = 1,
     .filter_term = 't',
     .links_to_same = true,
     .suggestions = "technologies",
     .origin_column = "technology"},
    {.name = "department",
     .label = "Department",
     .noun = "department",
     .hint = "Where they work",
     .required = false,
     .searched = true,
     .filter = field_filter::text,
     .filter_place = 4,
     .filter_term = 'd',
     .order_term = 'o'},
    {.name = "file_name", .label = "Photo and files", .noun = "file", .kind = field_kind::file},
    {.name = "photo", .label = "Photo", .noun = "photo", .kind = field_kind::file},
};

}  // namespace

std::span<const field> field_rows() {
  return rows;
}

}  // namespace dossier::domain
