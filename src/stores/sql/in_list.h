// One statement for many values: "… WHERE id IN (?, ?, …)", of few lengths, so that each stays prepared. A
// list that is shorter than its statement is filled up with its last value.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "stores/sql/query.h"

namespace dossier::stores::sql {

// More would keep others from their rows for long.
inline constexpr std::size_t most_in_list = 128;

// The places of a statement for so many values: at least that, at most most_in_list.
std::size_t in_list_size(std::size_t count);

// `sql` ends with the column that is to be one of so many.
std::string among(std::string_view sql, std::size_t count);

// One value at least.
template <class Value>
void add_all(query& to, std::span<const Value> values) {
  for (std::size_t i = 0; i < in_list_size(values.size()); ++i)
    to.add(values[std::min(i, values.size() - 1)]);
}

// Calls `what` with one part after another, none longer than a list may be.
template <class Value, class What>
void in_lists(std::span<const Value> values, What what) {
  while (!values.empty()) {
    const auto some = values.first(std::min(values.size(), most_in_list));
    what(some);
    values = values.subspan(some.size());
  }
}

}  // namespace dossier::stores::sql
