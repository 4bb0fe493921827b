// The OpenAPI document (ui/openapi.json, embedded) and the page that shows it to people.
#pragma once

#include <string>
#include <string_view>

namespace dossier::web::api {

// With the version of this binary in `info`.
std::string openapi_document(std::string_view version);

// A page made of that document: every operation with its parameters and answers, and what each error means.
std::string render_api_page(std::string_view document);

}  // namespace dossier::web::api
