// The look-up by number: GET /employee, and POST /employee with employee_id.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/values.h"
#include "web/context.h"
#include "web/pages/page.h"

namespace dossier::web {

struct employee_view {
  std::string typed;  // what was asked for
  std::optional<domain::person> found;
  std::optional<base::error> problem;  // not_found, invalid, or why the look-up failed
  base::time_point now;
};

std::string render_employee_page(page_frame frame, const employee_view& look_up);

}  // namespace dossier::web
