// Shows people what went wrong: on a page of its own, or in a form that could not be stored.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "web/pages/page.h"

namespace dossier::web {

// A page with what happened, what to do next and the request's id.
std::string render_error_page(unsigned status, std::string_view message, std::string_view request_id);

// A form shows each error twice: in a summary at the top that links to each field, and beside the field.
// Fills {{>SUMMARY}}, and for each field F with an error the section F_ERROR (with MESSAGE) of `form`, where
// F is the field's name in capitals. `id_of_file` is the id of the input that takes files.
void fill_errors(view form, const base::error& what, std::string_view id_of_file = "photo");

// Rewords errors that come from a form's key for people, who do not see the key.
base::error in_plain_words(base::error problem);

}  // namespace dossier::web
