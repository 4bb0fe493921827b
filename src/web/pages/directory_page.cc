#include "web/pages/directory_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.h"
#include "base/text_policy.h"
#include "domain/validation.h"
#include "http/url.h"
#include "web/error_response.h"
#include "web/handlers.h"
#include "web/pages/error_page.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/pages/words.h"

namespace dossier::web {
namespace {

// The first types of a person's files, each once.
void fill_type_marks(view row, const domain::person& who) {
  std::vector<std::string> marks;
  for (const auto& file : who.files) {
    auto mark = type_mark(file.name);
    if (std::ranges::find(marks, mark) == marks.end()) marks.push_back(std::move(mark));
    if (marks.size() == 3) break;
  }
  for (const auto& mark : marks) row.add("TYPE_MARK").set("MARK", mark);
}

void fill_row(view row, const domain::person& who, const directory_view& shown,
              const base::word_marker& matched) {
  fill_details(row, who);
  fill_avatar(row, who);
  fill_time(row, "ADDED", who.created_at, shown.now);
  fill_marked(row, "NAME_PIECE", base::contained(who.details.name), matched);
  fill_marked(row, "LOCATION_PIECE", base::contained(who.details.location), matched);
  fill_marked(row, "TECHNOLOGY_PIECE", base::contained(who.details.technology), matched);
  auto same_technology = shown.asked;
  same_technology.cursor.clear();
  same_technology.technology.clear();
  same_technology.technology_exact = who.details.technology;
  row.set("TECHNOLOGY_URL", directory_address(same_technology));
  if (who.file_count == 0) {
    row.show("NO_FILES");
  } else {
    row.set_and_show("COUNT", count_of(who.file_count, "file", "files"), "SOME_FILES");
    fill_type_marks(row, who);
  }
}

// A chip for an active filter; following it leaves this filter out.
void add_chip(view body, const directory_query& asked, std::string label,
              std::string directory_query::* member) {
  if ((asked.*member).empty()) return;
  auto without = asked;
  without.cursor.clear();
  (without.*member).clear();
  auto chip = body.add("CHIP");
  chip.set("LABEL", label);
  chip.set("WITHOUT_URL", directory_address(without));
}

void fill_chips(view body, const directory_query& asked) {
  add_chip(body, asked, "“" + base::isolated(asked.q) + "”", &directory_query::q);
  add_chip(body, asked, "Technology: " + base::isolated(asked.technology) + "…",
           &directory_query::technology);
  add_chip(body, asked, "Technology: " + base::isolated(asked.technology_exact),
           &directory_query::technology_exact);
  add_chip(body, asked, "Location: " + base::isolated(asked.location) + "…", &directory_query::location);
  add_chip(body, asked, "Age from " + asked.age_from, &directory_query::age_from);
  add_chip(body, asked, "Age to " + asked.age_to, &directory_query::age_to);
  add_chip(body, asked, asked.has_files == "yes" ? "With files" : "Without files",
           &directory_query::has_files);
  if (asked.filtered() || !asked.q.empty()) body.show("HAS_CHIPS");
}

void fill_filters(view body, const directory_view& shown) {
  const auto& asked = shown.asked;
  body.set("Q", asked.q);
  body.set("TECHNOLOGY", asked.technology);
  if (!asked.technology_exact.empty()) body.add("EXACT").set("TECHNOLOGY", asked.technology_exact);
  body.set("LOCATION", asked.location);
  body.set("AGE_FROM", asked.age_from);
  body.set("AGE_TO", asked.age_to);
  if (asked.filtered()) body.show("FILTERED");
  if (asked.has_files == "yes") body.show("WITH_FILES");
  if (asked.has_files == "no") body.show("WITHOUT_FILES");
  if (asked.sort == "oldest") body.show("SORT_OLDEST");
  if (asked.sort == "name") body.show("SORT_NAME");
  if (asked.sort == "age") body.show("SORT_AGE");
  for (const auto& technology : shown.technologies) body.add("SUGGESTION").set("VALUE", technology);
  fill_chips(body, asked);
}

struct direction_words {
  std::string_view back;
  std::string_view forth;
};

direction_words words_of(const std::string& sort) {
  if (sort == "oldest") return {"Older", "Newer"};
  if (sort == "name" || sort == "age") return {"Previous", "Next"};
  return {"Newer", "Older"};
}

void add_page_link(view pages, std::string_view section, const directory_view& shown,
                   const std::optional<domain::people_cursor>& cursor, std::string_view label) {
  if (!cursor) return;
  auto there = shown.asked;
  there.cursor = domain::encode_cursor(*cursor);
  auto link = pages.add(section);
  link.set("PAGE_URL", directory_address(there));
  link.set("LABEL", label);
}

void fill_pages(view body, const directory_view& shown) {
  if (!shown.people.previous && !shown.people.next) return;
  const auto words = words_of(shown.asked.sort);
  auto pages = body.add("PAGES");
  add_page_link(pages, "BACK", shown, shown.people.previous, words.back);
  add_page_link(pages, "FORTH", shown, shown.people.next, words.forth);
}

void fill_empty_state(view body, const directory_query& asked) {
  if (!asked.q.empty() && !domain::wrong_with_words(asked.q) && base::query_words(asked.q).empty())
    body.show("EMPTY_WORDS");
  else if (!asked.cursor.empty())
    body.show("EMPTY_PAGE");
  else if (asked.filtered() || !asked.q.empty())
    body.show("EMPTY_SEARCH");
  else
    body.show("EMPTY_DIRECTORY");
}

}  // namespace

std::string render_directory_page(page_frame frame, const directory_view& shown) {
  frame.search = shown.asked.q;
  frame.has_errors = !shown.wrong.empty();
  page out("directory.html", frame);
  auto body = out.body();
  fill_filters(body, shown);
  if (!shown.wrong.empty())
    fill_errors(body,
                {.code = base::error_code::invalid, .message = "", .fields = shown.wrong, .retry_after = {}});
  if (shown.was_deleted) body.show("WAS_DELETED");
  if (shown.by_number) fill_details(body.add("BY_NUMBER"), *shown.by_number);
  if (shown.people.items.empty()) {
    fill_empty_state(body, shown.asked);
  } else {
    auto results = body.add("RESULTS");
    // What was not searched for is not marked either.
    const bool searched = !domain::wrong_with_words(shown.asked.q);
    const base::word_marker matched(searched ? base::query_words(shown.asked.q)
                                             : std::vector<base::query_word>());
    for (const auto& who : shown.people.items) fill_row(results.add("PERSON"), who, shown, matched);
  }
  fill_pages(body, shown);
  return out.render();
}

awaitable<http::response> pages::show_directory(const context& ctx, routed_request in) {
  auto asked = read_directory_query(in.http.query);
  if (!asked) co_return error_response(in.http, asked.error());
  auto [query, wrong] = to_people_query(*asked);
  query.asker = in.http.caller();
  auto listed = co_await ctx.people.list(std::move(query));
  if (!listed) co_return error_response(in.http, listed.error());

  directory_view shown;
  shown.people = std::move(*listed);
  shown.wrong = std::move(wrong);
  shown.was_deleted = in.http.query == "deleted";
  shown.now = ctx.clock.now();
  if (const auto id = domain::parse_id(asked->q)) {
    auto someone = co_await ctx.people.find({*id});
    if (someone) shown.by_number = std::move(*someone);
  }
  auto suggestions = co_await ctx.people.recent_technologies();
  if (suggestions) shown.technologies = std::move(*suggestions);
  shown.asked = std::move(*asked);
  co_return html_answer(shown.wrong.empty() ? 200 : 422,
                        render_directory_page(frame_of(ctx, "People", "people"), shown));
}

}  // namespace dossier::web
