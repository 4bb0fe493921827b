// Deletes a record, after showing what will be lost: GET and POST /people/{id}/delete.
#pragma once

#include <string>
#include <vector>

#include "domain/values.h"
#include "web/context.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"

namespace dossier::web {

// `changed`: the record changed after the question was asked, so it is asked again.
std::string render_delete_page(page_frame frame, const domain::person& who, bool changed);

// Removes one file, after asking: GET and POST /files/{id}/remove.

// `from`: the page of files that people came from; they return to it.
std::string render_remove_file_page(const page_frame& frame, const domain::file& file,
                                    const domain::person& owner, const shown_files& from = {});

}  // namespace dossier::web
