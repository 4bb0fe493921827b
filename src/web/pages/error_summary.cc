#include "web/pages/error_summary.h"

#include <cctype>
#include <set>
#include <string>

namespace dossier::web {
namespace {

std::string error_section(std::string_view field) {
  std::string section;
  for (const char c : field) section += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return section + "_ERROR";
}

// The key of a form is the page's own doing: nobody finds a field of that name.
bool is_key(std::string_view field) {
  return field == "idempotency_key" || field == "Idempotency-Key";
}

constexpr std::string_view sent_before =
    "This form was sent before, and what it held then is stored. It holds something else now. Look in the "
    "directory whether that is there already; if it is another record, send it as a new one.";

}  // namespace

base::error in_plain_words(base::error problem) {
  if (problem.may_have_happened)
    problem.message =
        "It may be stored already; that is not known yet. Send it again: it is stored only once.";
  if (problem.code == base::error_code::gone)
    problem.message =
        "This form was sent before, and what it was stored as has been deleted since. Nothing was stored "
        "now. "
        "Send it again to store it anew.";
  return problem;
}

void fill_errors(view form, const base::error& what, std::string_view id_of_file) {
  auto summary = form.include("SUMMARY", "error_summary.html");
  if (what.fields.empty()) {
    summary.set_and_show("MESSAGE", what.message, "GENERAL");
    return;
  }
  std::set<std::string> shown;  // the first message of a field stands beside it
  for (const auto& wrong : what.fields) {
    if (is_key(wrong.field)) {
      summary.set_and_show("MESSAGE", std::string(sent_before), "USED");
      continue;
    }
    auto item = summary.add("ITEM");
    item.set("TARGET", "#" + (wrong.field == "file_name" ? std::string(id_of_file) : wrong.field));
    item.set("MESSAGE", wrong.message);
    if (shown.insert(wrong.field).second)
      form.set_and_show("MESSAGE", wrong.message, error_section(wrong.field));
  }
}

}  // namespace dossier::web
