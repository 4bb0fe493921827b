#include "web/api/openapi.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/embedded_file.h"
#include "base/expects.h"
#include "domain/field.h"
#include "domain/people_query.h"
#include "web/field_words.h"
#include "web/pages/static_files.h"
#include "web/routes.h"

namespace dossier::embedded {
std::span<const base::embedded_file> openapi_files();
}

namespace dossier::web::api {
namespace {

using domain::field;
using domain::field_kind;
using lines = std::vector<std::string>;

void replace_all(std::string& text, std::string_view word, std::string_view by) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) {
    text.replace(at, word.size(), by);
  }
}

// The members of a schema, indented by one.
lines text_schema(const field& which) {
  return {R"( "type": "string",)", fmt::format(R"( "minLength": {},)", which.required ? 1 : 0),
          fmt::format(R"( "maxLength": {},)", which.most), R"( "description": "One line of text.")"};
}

lines number_schema(const field& which) {
  return {which.required ? R"( "type": "integer",)" : R"( "type": ["integer", "null"],)", R"( "minimum": 0,)",
          fmt::format(R"( "maximum": {})", which.most)};
}

// A number as a client may send it: a form sends text, JSON sends a number or text.
lines sent_number_schema(const field& which) {
  lines all{
      fmt::format(R"( "description": "A whole number from 0 to {}, or its digits as text.",)", which.most),
      R"( "oneOf": [)", "  {"};
  for (const auto& line : number_schema(which)) all.push_back("  " + line);
  for (const auto* line :
       {"  },", "  {", R"(   "type": "string",)", R"(   "pattern": "^[0-9]{1,6}$")", "  }", " ]"})
    all.emplace_back(line);
  return all;
}

lines properties(bool sent) {
  lines all;
  for (const auto& which : domain::detail_fields()) {
    if (!all.empty()) all.back() += ',';
    all.push_back(fmt::format(R"("{}": {{)", which.name));
    const bool number = which.kind == field_kind::whole_number;
    for (auto& line : !number ? text_schema(which) : sent ? sent_number_schema(which) : number_schema(which))
      all.push_back(std::move(line));
    all.emplace_back("}");
  }
  return all;
}

lines in_quotes(std::span<const std::string_view> words) {
  lines all;
  for (const auto word : words) {
    if (!all.empty()) all.back() += ',';
    all.push_back(fmt::format(R"("{}")", word));
  }
  return all;
}

lines names_of_details(bool required) {
  std::vector<std::string_view> names;
  for (const auto& which : domain::detail_fields()) {
    if (which.required || !required) names.push_back(which.name);
  }
  return in_quotes(names);
}

lines names_of_sorts() {
  std::vector<std::string_view> names;
  for (const auto& one : domain::people_sorts()) names.push_back(one.name);
  return in_quotes(names);
}

std::string describe(const filter_parameter& one) {
  const auto& which = domain::detail_fields()[one.field];
  const auto bound = [&](std::size_t end, std::string_view otherwise) {
    const auto word = which.range_words[end];
    return fmt::format("This {} or {}.", which.noun, word.empty() ? otherwise : word);
  };
  switch (one.how) {
    case domain::comparison::begins_with:
      return fmt::format("The beginning of the {}; case and accents do not matter.", which.noun);
    case domain::comparison::equals:
      return fmt::format("The whole {}; case and accents do not matter.", which.noun);
    case domain::comparison::at_least:
      return bound(0, "more");
    case domain::comparison::at_most:
      return bound(1, "less");
  }
  base::not_reached();
}

lines filters() {
  lines all;
  for (const auto& one : filter_parameters()) {
    const auto& which = domain::detail_fields()[one.field];
    if (!all.empty()) all.back() += ',';
    all.emplace_back("{");
    all.push_back(fmt::format(R"( "name": "{}",)", one.name));
    all.emplace_back(R"( "in": "query",)");
    all.push_back(fmt::format(R"( "description": "{}",)", describe(one)));
    all.emplace_back(R"( "schema": {)");
    if (which.kind == field_kind::whole_number) {
      all.emplace_back(R"(  "type": "integer",)");
      all.emplace_back(R"(  "minimum": 0,)");
      all.push_back(fmt::format(R"(  "maximum": {})", which.most));
    } else {
      all.emplace_back(R"(  "type": "string",)");
      all.push_back(fmt::format(R"(  "maxLength": {})", which.most));
    }
    all.emplace_back(" }");
    all.emplace_back("}");
  }
  return all;
}

// The lines that replace a marker; empty if the line is not a marker.
std::optional<lines> lines_for(std::string_view marker) {
  if (marker == R"("@details plain@": 0)") return properties(false);
  if (marker == R"("@details sent@": 0)") return properties(true);
  if (marker == R"("@required@")") return names_of_details(true);
  if (marker == R"("@names@")") return names_of_details(false);
  if (marker == R"("@sorts@")") return names_of_sorts();
  if (marker == R"("@filters@")") return filters();
  return std::nullopt;
}

// The document with its markers replaced by lines made from the table of fields, indented as the markers
// were.
std::string with_fields(std::string_view document) {
  std::string made;
  while (!document.empty()) {
    const auto end = std::min(document.find('\n'), document.size());
    const auto line = document.substr(0, end);
    document.remove_prefix(std::min(end + 1, document.size()));
    const auto indent = line.substr(0, std::min(line.find_first_not_of(' '), line.size()));
    auto marker = line.substr(indent.size());
    const bool more = marker.ends_with(',');
    if (more) marker.remove_suffix(1);
    auto put = lines_for(marker);
    if (!put) {
      made.append(line).append("\n");
      continue;
    }
    base::expects(!put->empty(), "a marker stands for at least one line");
    if (more) put->back() += ',';
    for (const auto& one : *put) made.append(indent).append(one).append("\n");
  }
  return made;
}

}  // namespace

std::string openapi_document(std::string_view version) {
  base::expects(!embedded::openapi_files().empty(), "the binary holds the API's document");
  std::string document = with_fields(embedded::openapi_files().front().bytes);
  replace_all(document, "@version@", version);
  replace_all(document, "@searched@", join_words(nouns_of_searched(), " or "));
  replace_all(document, "@nouns@", join_words(nouns_of_details(), " and "));
  return document;
}

std::string_view published_api::document() {
  std::call_once(document_made_, [this] { document_ = openapi_document(version_); });
  return document_;
}

std::string_view published_api::page() {
  std::call_once(page_made_, [this] { page_ = render_api_page(document()); });
  return page_;
}

awaitable<http::response> get_openapi(const context& ctx, routed_request) {
  http::response answer;
  answer.set("Content-Type", "application/json");
  answer.set("Cache-Control", "no-cache");
  answer.body = ctx.api->document();
  co_return answer;
}

awaitable<http::response> get_api_page(const context& ctx, routed_request) {
  http::response answer;
  answer.set("Content-Type", "text/html; charset=utf-8");
  answer.set("Cache-Control", "no-cache");
  answer.body = ctx.api->page();
  co_return answer;
}

// The page /api: the OpenAPI document, made readable. All text that comes from the document is escaped.

namespace {

namespace json = boost::json;

void append_escaped(std::string& html, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
}

std::string_view text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains({name.data(), name.size()});
  if (value == nullptr || !value->is_string()) return {};
  return {value->as_string().data(), value->as_string().size()};
}

// The answers for errors are explained once, at the end of the page.
bool is_error(std::string_view status) {
  return status >= "400";
}

// Writes the page from the document's parts.
class api_page {
 public:
  explicit api_page(const json::value& document) : document_(document) {}

  std::string render() {
    add_top(document_.at("info").as_object());
    for (const auto& [path, item] : document_.at("paths").as_object()) add_path(path, item.as_object());
    html_ += "<section id=\"errors\">\n<h2>Errors</h2>\n<dl>\n";
    for (const auto& each : document_.at("components").at("responses").as_object()) {
      add_problem(each.value().as_object());
    }
    html_ += "</dl>\n</section>\n</main>\n</body>\n</html>\n";
    return std::move(html_);
  }

 private:
  void add_text(std::string_view before, std::string_view text, std::string_view after) {
    html_ += before;
    append_escaped(html_, text);
    html_ += after;
  }

  void add_top(const json::object& info) {
    html_ =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>API – Dossier</title>\n";
    add_text("<link rel=\"stylesheet\" href=\"", static_prefix(), "/style.css\">\n");
    add_text("<link rel=\"stylesheet\" href=\"", static_prefix(),
             "/print.css\" media=\"print\">\n</head>\n<body>\n");
    html_ += "<main id=\"main\">\n<p><a href=\"/\">Dossier</a></p>\n<h1>API</h1>\n";
    add_text("<p>", text_of(info, "description"), "</p>\n");
    add_text("<p>Version ", text_of(info, "version"), ". ");
    html_ += "For machines: <a href=\"/api/v1/openapi.json\">openapi.json</a></p>\n";
  }

  void add_path(std::string_view path, const json::object& item) {
    for (const char* method : {"get", "head", "post", "patch", "delete"}) {
      const auto* operation = item.if_contains(method);
      if (operation != nullptr) add_operation(method, path, item, operation->as_object());
    }
  }

  void add_operation(std::string_view method, std::string_view path, const json::object& item,
                     const json::object& operation) {
    add_text("<section id=\"", text_of(operation, "operationId"), "\">\n");
    add_text("<h2>", text_of(operation, "summary"), "</h2>\n<p><code>");
    for (const char c : method) html_ += static_cast<char>(c - ('a' - 'A'));
    add_text(" ", path, "</code></p>\n");
    if (const auto words = text_of(operation, "description"); !words.empty())
      add_text("<p>", words, "</p>\n");
    add_parameters(item, operation);
    if (const auto* body = operation.if_contains("requestBody")) add_body(body->at("content").as_object());
    add_answers(operation.at("responses").as_object());
    html_ += "</section>\n";
  }

  void add_parameters(const json::object& item, const json::object& operation) {
    const auto* shared = item.if_contains("parameters");
    const auto* own = operation.if_contains("parameters");
    if (shared == nullptr && own == nullptr) return;
    html_ += "<h3>Parameters</h3>\n<dl>\n";
    for (const auto* parameters : {shared, own}) {
      if (parameters == nullptr) continue;
      for (const auto& each : parameters->as_array()) add_parameter(each.as_object());
    }
    html_ += "</dl>\n";
  }

  void add_parameter(const json::object& parameter) {
    const auto* required = parameter.if_contains("required");
    add_text("<dt><code>", text_of(parameter, "name"), "</code> (");
    add_text("", text_of(parameter, "in"), required != nullptr && required->as_bool() ? ", required)" : ")");
    add_text("</dt>\n<dd>", text_of(parameter, "description"), "</dd>\n");
  }

  void add_body(const json::object& content) {
    html_ += "<h3>Body</h3>\n<dl>\n";
    for (const auto& each : content) {
      add_text("<dt><code>", each.key(), "</code></dt>\n<dd>");
      add_members(resolve(each.value().at("schema")));
      html_ += "</dd>\n";
    }
    html_ += "</dl>\n";
  }

  void add_members(const json::object& schema) {
    std::string_view separator;
    for (const auto& member : schema.at("properties").as_object()) {
      html_ += separator;
      add_text("<code>", member.key(), "</code>");
      separator = ", ";
    }
  }

  void add_answers(const json::object& responses) {
    html_ += "<h3>Answers</h3>\n<dl>\n";
    for (const auto& each : responses) {
      if (is_error(each.key())) continue;
      add_text("<dt>", each.key(), "</dt>\n");
      add_text("<dd>", text_of(each.value().as_object(), "description"), "</dd>\n");
    }
    html_ += "<dt>Errors</dt>\n<dd>";
    for (const auto& each : responses) {
      if (is_error(each.key())) add_text("<a href=\"#errors\">", each.key(), "</a> ");
    }
    html_ += "</dd>\n</dl>\n";
  }

  // The `type` of a problem document is the address of this entry.
  void add_problem(const json::object& response) {
    const auto& schema = response.at("content").at("application/problem+json").at("schema");
    const auto& members = schema.at("allOf").at(1).at("properties");
    auto type = text_of(members.at("type").as_object(), "const");
    type.remove_prefix(type.find('#') + 1);
    add_text("<dt id=\"", type, "\">");
    html_ += std::to_string(members.at("status").at("const").as_int64());
    add_text(" ", text_of(members.at("title").as_object(), "const"), "</dt>\n");
    add_text("<dd>", text_of(response, "description"), "</dd>\n");
  }

  // Follows {"$ref": "#/components/KIND/NAME"}.
  const json::object& resolve(const json::value& value) const {
    const auto reference = text_of(value.as_object(), "$ref");
    if (reference.empty()) return value.as_object();
    base::expects(reference.starts_with("#/"), "a reference leads to a part of the same document");
    const auto pointer = reference.substr(1);
    return document_.at_pointer({pointer.data(), pointer.size()}).as_object();
  }

  const json::value& document_;
  std::string html_;
};

}  // namespace

std::string render_api_page(std::string_view document) {
  const auto parsed = json::parse({document.data(), document.size()});
  return api_page(parsed).render();
}

}  // namespace dossier::web::api
