#include "web/pages/error_page.h"

#include <array>
#include <cctype>
#include <set>
#include <string>
#include <string_view>

#include "base/expects.h"

namespace dossier::web {
namespace {

struct error_words {
  unsigned status;
  std::string_view title;
  std::string_view next;  // what to do
};

constexpr std::array<error_words, 19> words_by_status{{
    {400, "That could not be read", "Go back and try again. If you typed the address yourself, check it."},
    {401, "Sign in first",
     "Sign in, then do it again. If you were signed in before, the time for it is over."},
    {403, "That is not allowed from here", "Open the page on this site itself and try again from there."},
    {404, "There is nothing here", "Check the address or the number, or find the person in the directory."},
    {405, "That does not work here", "Go back and use the buttons of the page."},
    {408, "That took too long", "Check your connection and try again. Nothing was stored."},
    {409, "That is being done already", "Wait a moment, then try again. It will not be stored twice."},
    {410, "It has been deleted",
     "Go back to the form to add the person anew, or find them in the directory."},
    {412, "It has changed meanwhile",
     "Open the record again to see what it holds now, then make your change."},
    {413, "That is too big", "Choose smaller or fewer files and try again. Nothing was stored."},
    {414, "That address is too long", "Search for fewer words."},
    {415, "That cannot be read here", "Send it from the form on this site."},
    {421, "That address is not ours",
     "Open the page under the address that was printed when Dossier started."},
    {422, "Something needs another look", "Go back, check what you typed and try again."},
    {429, "That was a lot at once", "Wait a minute, then try again."},
    {431, "Your browser sent too much", "Delete the cookies for this address and try again."},
    {500, "Something went wrong on our side", "Try again. If it happens again, tell whoever runs this site."},
    {503, "Not reachable right now", "Nothing is lost. Wait a moment, then try again."},
    {507, "There is no room left", "What is stored is safe and can be read. Tell whoever runs this site."},
}};

const error_words& words_of(unsigned status) {
  const error_words* general = nullptr;
  for (const auto& words : words_by_status) {
    if (words.status == status) return words;
    if (words.status == (status < 500 ? 400 : 500)) general = &words;
  }
  base::expects(general != nullptr, "there are words for every error");
  return *general;
}

}  // namespace

std::string render_error_page(unsigned status, std::string_view message, std::string_view request_id) {
  const auto& words = words_of(status);
  page out("error.html", {.title = std::string(words.title), .here = {}, .search = {}, .version = {}});
  auto body = out.body();
  body.set("HEADING", words.title);
  body.set("MESSAGE", message);
  body.set("NEXT", words.next);
  if (!request_id.empty()) body.set_and_show("REQUEST_ID", request_id, "HAS_ID");
  return out.render();
}

namespace {

std::string error_section(std::string_view field) {
  std::string section;
  for (const char c : field) section += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return section + "_ERROR";
}

// The key of a form is hidden: people see no field with that name.
bool is_key(std::string_view field) {
  return field == "idempotency_key" || field == "Idempotency-Key";
}

constexpr std::string_view sent_before =
    "This form was sent before, and what it held then is stored. It holds something else now. Check in the "
    "directory whether that is there already. If it is another record, send it as a new one.";

}  // namespace

base::error in_plain_words(base::error problem) {
  if (problem.may_have_happened)
    problem.message =
        "It may be stored already; that is not known yet. Send it again: it is stored only once.";
  if (problem.code == base::error_code::gone)
    problem.message =
        "This form was sent before, and the record it was stored in has been deleted since. Nothing was "
        "stored now. Send it again to store it anew.";
  return problem;
}

void fill_errors(view form, const base::error& what, std::string_view id_of_file) {
  auto summary = form.include("SUMMARY", "error_summary.html");
  if (what.fields.empty()) {
    summary.set_and_show("MESSAGE", what.message, "GENERAL");
    return;
  }
  std::set<std::string> shown;  // fields that have their first message beside them
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
