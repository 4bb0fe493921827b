// Makes the HTML of a page: fills values into a template of ui/templates/, which escapes each one as its
// place needs.
//
//   page out("record.html", frame);
//   out.body().set("NAME", who.details.name());
//   return out.render();
//
// No other code in src/web uses the template library.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/expects.h"
#include "base/result.h"
#include "http/message.h"
#include "web/context.h"
#include "web/visitor.h"

namespace ctemplate {
class TemplateDictionary;
}

namespace dossier::web {

// The values of a template at one level: of the page itself, or of one repetition of a section. The page must
// outlive it.
class view {
 public:
  explicit view(ctemplate::TemplateDictionary* dictionary) : dictionary_(dictionary) {
    base::expects(dictionary_ != nullptr, "a view belongs to a page");
  }

  void set(std::string_view name, std::string_view text);
  void set(std::string_view name, std::int64_t number);
  // Shows a section once, with the values of this level.
  void show(std::string_view section);
  // Sets a value and shows the section around it.
  void set_and_show(std::string_view name, std::string_view text, std::string_view section);
  // Repeats a section once more, with values of its own; it sees the values of this level too.
  view add(std::string_view section);
  // Fills a {{>SLOT}} with another template, which sees only its own values.
  view include(std::string_view slot, std::string_view template_name);

 private:
  ctemplate::TemplateDictionary* dictionary_;
};

// What surrounds every page.
struct page_frame {
  std::string title;
  std::string_view here;      // submit, people or catalog: the current entry of the navigation bar
  std::string search;         // the text in the bar's search field
  std::string version;        // for the footer; empty: not shown
  bool only_here = false;     // only this computer can reach the pages
  bool has_errors = false;    // the title begins with "Error:"
  web::visitor visitor = {};  // the bar shows what they may do
  bool public_intake = true;
  bool operations_here = true;  // /healthz and /metrics are on this listener
};

class page {
 public:
  page(std::string_view template_name, const page_frame& frame);
  ~page();
  page(const page&) = delete;
  page& operator=(const page&) = delete;

  view body();
  std::string render() const;

 private:
  std::string template_name_;
  std::unique_ptr<ctemplate::TemplateDictionary> dictionary_;
};

// The answers that pages give: a page, or a redirect to another page. For errors: web/problem.h.
http::response html_answer(unsigned status, std::string html);
// A page that no browser keeps, because it shows secrets or who has an account: 200, or what the problem with
// its form says. A wrong password or code is an error of the form (422), not a refusal.
http::response private_answer(const std::optional<base::error>& problem, std::string html);
// 303: the browser fetches the address with GET, so that a reload does not send the form again.
http::response see_other(std::string address);

// What surrounds every page of this site.
page_frame frame_of(const context& ctx, const visitor& from, std::string title, std::string_view here);

}  // namespace dossier::web
