#include "domain/field.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/expects.h"

namespace dossier::domain {
namespace {

// Letters that the search index uses for words and for files.
constexpr std::string_view other_terms = "wf";

void check_terms(std::span<const field> details) {
  std::string seen(other_terms);
  const auto take = [&](char term) {
    if (term == 0) return;
    base::expects(seen.find(term) == std::string::npos, "each letter of the search's index is one field's");
    seen += term;
  };
  for (const auto& one : details) {
    base::expects(one.most > 0, "a text has room for a character, and a number may be above 0");
    const bool number = one.kind == field_kind::whole_number;
    base::expects(number || one.most <= 200, "a text's folded form fits its column");
    base::expects(!number || (one.most <= 999 && one.filter != field_filter::text),
                  "a number is at most 999");
    // The index and the orders treat a missing number as 0.
    base::expects(!number || one.required || (one.filter == field_filter::none && one.order_term == 0),
                  "a number that may be missing has neither a range nor an order");
    base::expects(number || one.filter != field_filter::range, "only numbers have a range");
    base::expects((one.filter == field_filter::none) == (one.filter_term == 0), "a filter has a letter");
    take(one.filter_term);
    // A number's range and order share their terms.
    if (!number || one.order_term != one.filter_term) take(one.order_term);
  }
}

std::size_t count_details() {
  const auto rows = field_rows();
  const auto end = std::ranges::find(rows, field_kind::file, &field::kind);
  base::expects(
      std::ranges::all_of(end, rows.end(), [](const field& one) { return one.kind == field_kind::file; }),
      "the rows of details stand before those of files");
  const auto count = static_cast<std::size_t>(end - rows.begin());
  check_terms(rows.first(count));
  base::expects(count >= details_at_first && rows.front().kind == field_kind::text,
                "the first field is the name, a text");
  return count;
}

std::vector<std::size_t> sort_filters() {
  const auto all = detail_fields();
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].filter != field_filter::none) places.push_back(i);
  }
  std::ranges::sort(places, {}, [&](std::size_t i) { return std::pair(all[i].filter_place, i); });
  return places;
}

}  // namespace

std::span<const field> detail_fields() {
  static const std::size_t count = count_details();
  return field_rows().first(count);
}

std::optional<std::size_t> find_detail(std::string_view name) {
  const auto all = detail_fields();
  const auto found = std::ranges::find(all, name, &field::name);
  if (found == all.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

std::span<const std::size_t> filtered_details() {
  static const auto places = sort_filters();
  return places;
}

std::int64_t fields_version() {
  return static_cast<std::int64_t>(detail_fields().size() - details_at_first);
}

}  // namespace dossier::domain
