// The form: GET / and POST /.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/validation.h"
#include "domain/values.h"
#include "web/context.h"
#include "web/pages/field_parts.h"
#include "web/pages/page.h"

namespace dossier::web {

// The success page, GET /submitted/{id}: the record's number, its address, and what is kept where.
std::string render_submitted_page(const page_frame& frame, const domain::person& who);

struct submit_view {
  domain::details_draft typed;
  std::string idempotency_key;
  suggestions offered;           // shown while somebody types
  std::uint64_t file_bytes = 0;  // limits, for the hints
  int files = 0;
  bool file_required = true;
  std::optional<base::error> problem;
};

std::string render_submit_page(page_frame frame, const submit_view& form);

}  // namespace dossier::web
