// A page on its way to HTML: values for a template of ui/templates/, which escapes each by where it stands.
//
//   page out("record.html", frame);
//   out.body().set("NAME", who.details.name);
//   return out.render();
//
// Nothing else in this tier knows of the template library.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"
#include "web/context.h"

namespace ctemplate {
class TemplateDictionary;
}

namespace dossier::web {

// A level of a template's values: the page itself, or one turn of a section. Refers to its page.
class view {
 public:
  explicit view(ctemplate::TemplateDictionary* dictionary) : dictionary_(dictionary) {}

  void set(std::string_view name, std::string_view text);
  void set(std::string_view name, std::int64_t number);
  // Shows a section once, with the values of this level.
  void show(std::string_view section);
  // Sets a value and shows the section around it.
  void set_and_show(std::string_view name, std::string_view text, std::string_view section);
  // One more turn of a section, with values of its own (this level's are seen too).
  view add(std::string_view section);
  // Fills a {{>SLOT}} with another template, with values of its own alone.
  view include(std::string_view slot, std::string_view template_name);

 private:
  ctemplate::TemplateDictionary* dictionary_;
};

// What surrounds every page.
struct page_frame {
  std::string title;
  std::string_view here;    // submit, people or catalog: the entry of the bar that is current
  std::string search;       // what the bar's search holds
  std::string version;      // for the footer; empty: not shown
  bool only_here = false;   // only this computer can reach the pages
  bool has_errors = false;  // the title begins with "Error:"
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

// The few answers that pages give: a page, or "look there instead". For errors: web/error_response.h.
http::response html_answer(unsigned status, std::string html);
// 303: the browser gets the address; a reload does not send the form again.
http::response see_other(std::string address);

// What surrounds every page of this site.
page_frame frame_of(const context& ctx, std::string title, std::string_view here);

}  // namespace dossier::web
