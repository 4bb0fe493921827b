#include "domain/store_check.h"

#include <algorithm>

#include "base/expects.h"

namespace dossier::domain {

const char* to_string(severity level) {
  switch (level) {
    case severity::note:
      return "note";
    case severity::warning:
      return "warning";
    case severity::error:
      return "error";
  }
  base::not_reached();
}

bool is_about_a_store(const store_report& report) {
  return report.store == "records" || report.store == "objects" || report.store == "catalog";
}

bool has_errors(const std::vector<store_report>& reports) {
  return std::ranges::any_of(reports, [](const store_report& one) {
    return std::ranges::any_of(one.findings,
                               [](const store_finding& found) { return found.level == severity::error; });
  });
}

}  // namespace dossier::domain
