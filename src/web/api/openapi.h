// The OpenAPI document (ui/openapi.json, embedded) and the page that shows it to people.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace dossier::web::api {

// The document, with the version of this binary in `info`.
std::string openapi_document(std::string_view version);

// A page made of that document: every operation with its parameters and answers, and what each error means.
std::string render_api_page(std::string_view document);

// Makes both once, when they are first asked for. All answers share the same bytes.
class published_api {
 public:
  explicit published_api(std::string version) : version_(std::move(version)) {}

  std::string_view document();
  std::string_view page();

 private:
  const std::string version_;
  std::once_flag document_made_, page_made_;
  std::string document_, page_;
};

}  // namespace dossier::web::api
