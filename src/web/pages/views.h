// The data of each page (a view, which its handler fills in), and the function that renders it. Errors have
// error_page.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/qr_code.h"
#include "base/result.h"
#include "domain/accounts.h"
#include "domain/catalog.h"
#include "domain/people.h"
#include "domain/people_query.h"
#include "domain/set_up.h"
#include "domain/validation.h"
#include "domain/values.h"
#include "web/context.h"
#include "web/pages/directory_query.h"
#include "web/pages/field_parts.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/router.h"

namespace dossier::web {

// The form: GET / and POST /.
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
// The success page, GET /submitted/{id}: the record's number, its address, and what is kept where.
std::string render_submitted_page(const page_frame& frame, const domain::person& who);

// The look-up by number: GET /employee, and POST /employee with employee_id.
struct employee_view {
  std::string typed;  // what was asked for
  std::optional<domain::person> found;
  std::optional<base::error> problem;  // not_found, invalid, or why the look-up failed
  base::time_point now;
};

std::string render_employee_page(page_frame frame, const employee_view& look_up);

// The directory, GET /people: search, filters, order, pages. The query is in the address.
struct directory_view {
  directory_query asked;
  domain::people_page people;
  std::vector<base::field_error> wrong;     // what is wrong in the query
  std::optional<domain::person> by_number;  // the person whose number was searched for
  suggestions offered;                      // shown while somebody types
  bool was_deleted = false;                 // a record was just deleted
  base::time_point now;
};

std::string render_directory_page(page_frame frame, const directory_view& shown);

// A person's record, GET /people/{id}, and adding files to it. Editing (edit_page.cc) shows the same page
// with the details as a form.

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
  bool may_edit = true;  // who looks at it may change it
  base::time_point now;
};

std::string render_record_page(page_frame frame, const record_view& record);

// The person that the route's first {id} names; not_found, in words that fit a page.
awaitable<base::result<domain::person>> find_person(const context& ctx, const routed_request& in);
// All that the page shows of a person, except for the page of their files.
awaitable<record_view> view_record(const context& ctx, domain::person who);

// Deletes a record, after showing what will be lost: GET and POST /people/{id}/delete.

// `changed`: the record changed after the question was asked, so it is asked again.
std::string render_delete_page(page_frame frame, const domain::person& who, bool changed);

// Removes one file, after asking: GET and POST /files/{id}/remove.

// `from`: the page of files that people came from; they return to it.
std::string render_remove_file_page(const page_frame& frame, const domain::file& file,
                                    const domain::person& owner, const shown_files& from = {});

// Files by author, read from the metadata catalog: GET /catalog?author=.

struct catalog_view {
  std::string author;  // empty: no author was asked for
  domain::catalog_page files;
  bool first_page = true;
  base::time_point now;
};

std::string render_catalog_page(const page_frame& frame, const catalog_view& shown);

// Signing in: GET and POST /sign-in.
struct sign_in_view {
  std::string name;
  std::string next;  // where to go after that
  std::optional<base::error> problem = {};
  bool again = false;  // a sign-in that waited for the second factor has ended
  bool signed_out = false;
  bool may_submit = false;  // the form can be reached without an account
};
std::string render_sign_in_page(page_frame frame, const sign_in_view& shown);

// A page that asks for one thing before it lets go on: /sign-in/code for the second factor, /account/confirm
// for the password.
struct question_view {
  std::string name = {};  // the account's
  std::string next = {};
  std::optional<base::error> problem = {};
};
std::string render_question_page(std::string_view template_name, page_frame frame,
                                 const question_view& shown);

// Setting up the second factor, and recovery codes, which are shown once.
struct second_factor_view {
  std::string secret = {};
  base::qr_code picture = {};
  std::vector<std::string> recovery_codes = {};  // if there are any, only they are shown
  std::optional<base::error> problem = {};
};
std::string render_second_factor_page(page_frame frame, const second_factor_view& shown);

// Setting a password with a link: GET and POST /welcome.
struct welcome_view {
  bool valid = false;
  std::string name = {};
  std::optional<base::error> problem = {};
};
std::string render_welcome_page(page_frame frame, const welcome_view& shown);

// The audit log: GET /audit.
struct audit_view {
  std::vector<domain::audit_entry> entries = {};
  std::vector<domain::account> accounts = {};  // whose names are shown
  domain::audit_query asked = {};
  std::string person = {};  // as it was typed
  std::int64_t older = 0;   // before which entry the next page goes on; 0: there is none
  base::time_point now;
};
std::string render_audit_page(const page_frame& frame, const audit_view& shown);

// Adding the first account with the set-up link: GET and POST /set-up.
struct set_up_view {
  domain::set_up::state state = domain::set_up::state::closed;
  bool has_link = false;   // the set-up link was followed
  std::string typed = {};  // the name
  std::optional<base::error> problem = {};
};
std::string render_set_up_page(page_frame frame, const set_up_view& shown);

// What those see who may submit and not read. `number` is that of the record; empty if it is not known.
struct receipt_view {
  std::optional<domain::intake::shown_receipt> receipt = {};  // empty: there is none, or it has ended
  std::string address = {};                                   // of the page
};
std::string render_receipt_page(const page_frame& frame, const receipt_view& shown);
std::string render_received_page(const page_frame& frame, std::string_view number);

// The own account: GET /account.
struct account_view {
  domain::account who = {};
  std::vector<domain::session> sessions = {};
  std::vector<domain::token> tokens = {};
  std::string new_token = {};    // was just made; it is shown this once
  std::string token_name = {};   // as it was typed
  std::int64_t here = 0;         // the session of this browser
  int recovery_codes = 0;        // that are left, with a second factor
  std::string_view notice = {};  // changed or ended: what was just done
  std::optional<base::error> problem = {};
  base::time_point now = {};
};
// The same page, after something was refused.
awaitable<http::response> own_account_page(const context& ctx, const routed_request& in, base::error problem);
std::string render_account_page(page_frame frame, const account_view& shown);

// All accounts, for admins: GET /accounts. As long as there is none, the form for the first one.
struct new_link {
  std::string name;
  std::string address;
};
struct accounts_view {
  std::vector<domain::account> all = {};
  bool open = false;  // there is none
  domain::account_id own = {};
  std::string typed = {};
  std::optional<new_link> link = {};  // was just made
  std::string done = {};              // what was just done
  std::optional<base::error> problem = {};
  base::time_point now = {};
};
std::string render_accounts_page(page_frame frame, const accounts_view& shown);

}  // namespace dossier::web
