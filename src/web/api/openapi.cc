#include "web/api/openapi.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/embedded_file.h"
#include "web/handlers.h"
#include "web/pages/static_files.h"

namespace dossier::embedded {
std::span<const base::embedded_file> openapi_files();
}

namespace dossier::web::api {

std::string openapi_document(std::string_view version) {
  constexpr std::string_view placeholder = "@version@";
  std::string document(embedded::openapi_files().front().bytes);
  if (const auto at = document.find(placeholder); at != std::string::npos) {
    document.replace(at, placeholder.size(), version);
  }
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

// The page /api: the OpenAPI document, made readable. Every word in it comes from the document and is
// escaped.

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

// The statuses of what went wrong are explained once, at the end of the page.
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

  // `type` of a problem document is the address of this.
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
