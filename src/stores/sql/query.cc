#include "stores/sql/query.h"

#include <array>

#include "base/expects.h"

namespace dossier::stores::sql {
namespace {

constexpr std::array<std::size_t, 4> sizes{1, 8, 32, most_in_list};

}  // namespace

std::size_t in_list_size(std::size_t count) {
  base::expects(count >= 1 && count <= most_in_list, "a list has 1 to 128 values");
  return *std::ranges::lower_bound(sizes, count);
}

std::string among(std::string_view sql, std::size_t count) {
  std::string text(sql);
  text += " IN (?";
  for (std::size_t i = 1; i < in_list_size(count); ++i) text += ", ?";
  return text + ")";
}

}  // namespace dossier::stores::sql
