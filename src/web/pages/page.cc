#include "web/pages/page.h"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <unordered_map>

#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary.h>

#include "base/embedded_file.h"
#include "base/expects.h"
#include "web/pages/static_files.h"
#include "web/problem.h"

namespace dossier::embedded {
std::span<const base::embedded_file> page_templates();
}

namespace dossier::web {
namespace {

constexpr std::size_t usual_page = 8 * 1024;  // bytes

ctemplate::TemplateString text_of(std::string_view text) {
  return {text.data(), text.size()};
}

// The names that the templates use, each with the number by which the library knows it. Without the number
// the library computes it and looks into a table behind a lock, every time a value is set.
class template_names {
 public:
  void add_all(std::string_view text) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    for (auto at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
      at = std::min(text.size(), at + 2);
      const auto start = at + (at < text.size() && letters.find(text[at]) == std::string_view::npos ? 1 : 0);
      const auto end = std::min(text.find_first_not_of(letters, start), text.size());
      const auto name = text.substr(std::min(start, text.size()), end - start);
      if (name.empty()) continue;
      // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): its length stands beside it
      ctemplate::StaticTemplateString numbered{{name.data(), name.size(), 0}};
      const ctemplate::StaticTemplateStringInitializer register_it(&numbered);
      numbered_.emplace(name, ctemplate::TemplateString(numbered));
    }
  }
  ctemplate::TemplateString find(std::string_view name) const {
    const auto found = numbered_.find(name);
    return found == numbered_.end() ? text_of(name) : found->second;
  }

 private:
  std::unordered_map<std::string_view, ctemplate::TemplateString> numbered_;
};

// The templates, parsed once and then read by all event loops. The cache is frozen: a missing include is an
// error, and the library never looks for it on the disk.
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
      names_.add_all(file.bytes);
    }
    cache_.Freeze();
  }

  std::string expand(std::string_view name, const ctemplate::TemplateDictionary& values) const {
    std::string html;
    html.reserve(usual_page);
    if (!cache_.ExpandNoLoad(text_of(name), ctemplate::STRIP_BLANK_LINES, &values, nullptr, &html))
      throw std::logic_error("template cannot be filled: " + std::string(name));
    return html;
  }

  const template_names& names() const { return names_; }

 private:
  ctemplate::TemplateCache cache_;
  template_names names_;
};

const template_cache& templates() {
  static const template_cache all;
  return all;
}

ctemplate::TemplateString known(std::string_view name) {
  return templates().names().find(name);
}

void set_global(ctemplate::TemplateDictionary& values, const char* name, std::string_view text) {
  values.SetTemplateGlobalValue(name, text_of(text));
}

}  // namespace

void view::set(std::string_view name, std::string_view text) {
  dictionary_->SetValue(known(name), text_of(text));
}

void view::set(std::string_view name, std::int64_t number) {
  dictionary_->SetIntValue(known(name), number);
}

void view::show(std::string_view section) {
  dictionary_->ShowSection(known(section));
}

void view::set_and_show(std::string_view name, std::string_view text, std::string_view section) {
  add(section).set(name, text);
}

view view::add(std::string_view section) {
  return view(dictionary_->AddSectionDictionary(known(section)));
}

view view::include(std::string_view slot, std::string_view template_name) {
  auto* included = dictionary_->AddIncludeDictionary(known(slot));
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
  const auto& from = frame.visitor;
  const bool may_read = may_use(from, who::viewer, false);
  if (may_use(from, who::submitter, frame.public_intake)) top.show("MAY_SUBMIT");
  if (may_read) top.show("MAY_READ");
  if (from.account)
    top.set_and_show("ACCOUNT", from.account->account.name, "WITH_ACCOUNT");
  else if (from.must_sign_in && !from.in_set_up && frame.here != "sign-in")
    top.show("WITHOUT_ACCOUNT");
  auto bottom = body().include("BOTTOM", "frame_bottom.html");
  if (!frame.version.empty()) bottom.set_and_show("VERSION", frame.version, "HAS_VERSION");
  if (may_read) bottom.show("MAY_READ");
  if (frame.operations_here && may_use(from, who::operator_, false)) bottom.show("MAY_WATCH");
  if (frame.only_here) {
    auto here = bottom.add("ONLY_HERE");
    if (!from.must_sign_in) here.show("OPEN");
  }
}

page::~page() = default;

view page::body() {
  return view(dictionary_.get());
}

std::string page::render() const {
  return templates().expand(template_name_, *dictionary_);
}

http::response html_answer(unsigned status, std::string html) {
  return http::text_response(status, "text/html; charset=utf-8", std::move(html));
}

http::response private_answer(const std::optional<base::error>& problem, std::string html) {
  const unsigned status = problem ? describe(*problem).status : 200;
  auto answer = html_answer(status == 403 ? 422 : status, std::move(html));
  if (problem) set_retry_after(answer, describe(*problem));
  answer.set("Cache-Control", "no-store");
  return answer;
}

http::response see_other(std::string address) {
  base::expects(address.starts_with('/') && !address.starts_with("//"),
                "a page leads to a page of this site");
  http::response answer;
  answer.status = 303;
  answer.set("Location", std::move(address));
  return answer;
}

page_frame frame_of(const context& ctx, const visitor& from, std::string title, std::string_view here) {
  return {.title = std::move(title),
          .here = here,
          .search = {},
          .version = ctx.settings.version,
          .only_here = ctx.settings.may_be_open && ctx.settings.allowed_hosts.empty(),
          .has_errors = false,
          .visitor = from,
          .public_intake = ctx.settings.public_intake,
          .operations_here = ctx.settings.operations_here};
}

}  // namespace dossier::web
