#include "aws/http.h"

#include <algorithm>

#include "aws/ascii.h"

namespace dossier::aws {

const std::string* find_header(const headers& all, std::string_view name) {
  const auto found =
      std::ranges::find_if(all, [&](const header& each) { return ascii_equal(each.name, name); });
  return found == all.end() ? nullptr : &found->value;
}

}  // namespace dossier::aws
