// A person's record, GET /people/{id}, and adding files to it. Editing (edit_page.cc) shows the same page
// with the details as a form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "domain/people.h"
#include "domain/validation.h"
#include "web/context.h"
#include "web/pages/field_parts.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/router.h"

namespace dossier::web {

// The details being edited. `stale`: the record changed meanwhile, and what it holds now is shown beside what
// was typed.
struct edit_form {
  domain::details_draft typed;
  bool stale = false;
};

struct record_view {
  domain::person who;
  shown_files asked;
  domain::files_page files;
  std::vector<domain::history_entry> history;
  std::string_view notice;  // saved, added or removed: what was just done
  std::optional<edit_form> editing;
  std::optional<base::error> problem;  // with the edit, or with adding files
  suggestions offered;                 // for editing, shown while somebody types
  std::string idempotency_key;         // of the form that adds files
  std::uint64_t file_bytes = 0;        // limits, for the hints
  int files_at_once = 0;
  base::time_point now;
};

std::string render_record_page(page_frame frame, const record_view& record);

// The person that the route's first {id} names; not_found, in words that fit a page.
awaitable<base::result<domain::person>> find_person(const context& ctx, const routed_request& in);
// All that the page shows of a person, except for the page of their files.
awaitable<record_view> view_record(const context& ctx, domain::person who);

}  // namespace dossier::web
