#include "web/pages/page.h"

#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary.h>

#include <span>
#include <stdexcept>

#include "base/embedded_file.h"
#include "web/pages/static_files.h"

namespace dossier::embedded {
std::span<const base::embedded_file> page_templates();
}

namespace dossier::web {
namespace {

ctemplate::TemplateString text_of(std::string_view text) {
  return {text.data(), text.size()};
}

// Parsed once, then read by all loops. Frozen: an include that is not there is an error, never a look at the
// disk.
class template_cache {
 public:
  template_cache() {
    for (const auto& file : embedded::page_templates()) {
      // A template without the pragma would escape nothing.
      if (!file.bytes.starts_with("{{%AUTOESCAPE context=\"HTML\"}}"))
        throw std::logic_error("template without auto-escape: " + std::string(file.path));
      if (!cache_.StringToTemplateCache(text_of(file.path), text_of(file.bytes),
                                        ctemplate::STRIP_BLANK_LINES))
        throw std::logic_error("template with an error: " + std::string(file.path));
    }
    cache_.Freeze();
  }

  std::string expand(std::string_view name, const ctemplate::TemplateDictionary& values) const {
    std::string html;
    if (!cache_.ExpandNoLoad(text_of(name), ctemplate::STRIP_BLANK_LINES, &values, nullptr, &html))
      throw std::logic_error("template cannot be filled: " + std::string(name));
    return html;
  }

 private:
  ctemplate::TemplateCache cache_;
};

const template_cache& templates() {
  static const template_cache all;
  return all;
}

void set_global(ctemplate::TemplateDictionary& values, const char* name, std::string_view text) {
  values.SetTemplateGlobalValue(name, text_of(text));
}

}  // namespace

void view::set(std::string_view name, std::string_view text) {
  dictionary_->SetValue(text_of(name), text_of(text));
}

void view::set(std::string_view name, std::int64_t number) {
  dictionary_->SetIntValue(text_of(name), number);
}

void view::show(std::string_view section) {
  dictionary_->ShowSection(text_of(section));
}

void view::set_and_show(std::string_view name, std::string_view text, std::string_view section) {
  add(section).set(name, text);
}

view view::add(std::string_view section) {
  return view(dictionary_->AddSectionDictionary(text_of(section)));
}

view view::include(std::string_view slot, std::string_view template_name) {
  auto* included = dictionary_->AddIncludeDictionary(text_of(slot));
  included->SetFilename(text_of(template_name));
  return view(included);
}

page::page(std::string_view template_name, const page_frame& frame)
    : template_name_(template_name), dictionary_(std::make_unique<ctemplate::TemplateDictionary>("page")) {
  set_global(*dictionary_, "STATIC", static_prefix());
  auto top = body().include("TOP", "frame_top.html");
  top.set("TITLE", frame.title);
  top.set("SEARCH", frame.search);
  if (frame.has_errors) top.show("ERROR");
  if (frame.here == "submit") top.show("HERE_SUBMIT");
  if (frame.here == "people") top.show("HERE_PEOPLE");
  if (frame.here == "catalog") top.show("HERE_CATALOG");
  auto bottom = body().include("BOTTOM", "frame_bottom.html");
  if (!frame.version.empty()) bottom.set_and_show("VERSION", frame.version, "HAS_VERSION");
  if (frame.only_here) bottom.show("ONLY_HERE");
}

page::~page() = default;

view page::body() {
  return view(dictionary_.get());
}

std::string page::render() const {
  return templates().expand(template_name_, *dictionary_);
}

}  // namespace dossier::web
