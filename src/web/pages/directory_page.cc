#include "web/pages/views.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.h"
#include "base/expects.h"
#include "base/text_policy.h"
#include "domain/field.h"
#include "domain/validation.h"
#include "http/url.h"
#include "web/field_words.h"
#include "web/pages/error_page.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/pages/words.h"
#include "web/problem.h"
#include "web/routes.h"

namespace dossier::web {
namespace {

// The types of a person's first files, each once, three at most.
void fill_type_marks(view row, const domain::person& who) {
  std::vector<std::string> marks;
  for (const auto& file : who.files) {
    auto mark = type_mark(file.name);
    if (std::ranges::find(marks, mark) == marks.end()) marks.push_back(std::move(mark));
    if (marks.size() == 3) break;
  }
  for (const auto& mark : marks) row.add("TYPE_MARK").set("MARK", mark);
}

// The address of the current list, narrowed to people who have the same value in this field.
std::string address_of_same(const directory_query& asked, const domain::field& field,
                            const std::string& value) {
  auto same = asked;
  same.cursor.clear();
  same.filter(field.name).clear();
  same.filter(std::string(field.name) + "_exact") = value;
  return directory_address(same);
}

void fill_cell(view cell, std::size_t i, const domain::person& who, const directory_view& shown,
               const base::word_marker& matched) {
  const auto& field = domain::detail_fields()[i];
  const auto& value = who.details[i];
  cell.set("FIELD", field.name);
  if (field.kind == domain::field_kind::whole_number) {
    auto number = cell.add("NUMBER");
    number.set("LABEL", field.label);
    number.set("VALUE", value);
    return;
  }
  auto text = cell.add(field.links_to_same && !value.empty() ? "LINKED" : "TEXT");
  if (field.links_to_same && !value.empty()) text.set("SAME_URL", address_of_same(shown.asked, field, value));
  fill_marked(text, "PIECE", base::contained(value), matched);
}

void fill_cells(view row, const domain::person& who, const directory_view& shown,
                const base::word_marker& matched) {
  const auto fields = domain::detail_fields();
  for (std::size_t i = domain::name_field + 1; i < fields.size(); ++i) {
    if (fields[i].listed) fill_cell(row.add("CELL"), i, who, shown, matched);
  }
}

void fill_row(view row, const domain::person& who, const directory_view& shown,
              const base::word_marker& matched) {
  fill_details(row, who);
  fill_avatar(row, who);
  fill_time(row, "ADDED", who.created_at, shown.now);
  fill_marked(row, "NAME_PIECE", base::contained(who.details.name()), matched);
  fill_cells(row, who, shown, matched);
  if (who.file_count == 0) {
    row.show("NO_FILES");
  } else {
    row.set_and_show("COUNT", count_of(who.file_count, "file", "files"), "SOME_FILES");
    fill_type_marks(row, who);
  }
}

// Adds a chip for an active filter: a link to the list without this filter.
void add_chip(view body, const std::string& label, directory_query without) {
  without.cursor.clear();
  auto chip = body.add("CHIP");
  chip.set("LABEL", label);
  chip.set("WITHOUT_URL", directory_address(without));
}

std::string label_of(const filter_parameter& which, const std::string& typed) {
  const std::string label(domain::detail_fields()[which.field].label);
  switch (which.how) {
    case domain::comparison::begins_with:
      return label + ": " + base::isolated(typed) + "…";
    case domain::comparison::equals:
      return label + ": " + base::isolated(typed);
    case domain::comparison::at_least:
      return label + " from " + typed;
    case domain::comparison::at_most:
      return label + " to " + typed;
  }
  base::not_reached();
}

void fill_chips(view body, const directory_query& asked) {
  auto without = asked;
  without.q.clear();
  if (!asked.q.empty()) add_chip(body, "“" + base::isolated(asked.q) + "”", std::move(without));
  const auto parameters = filter_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (asked.filters[i].empty()) continue;
    without = asked;
    without.filters[i].clear();
    add_chip(body, label_of(parameters[i], asked.filters[i]), std::move(without));
  }
  without = asked;
  without.has_files.clear();
  if (!asked.has_files.empty())
    add_chip(body, asked.has_files == "yes" ? "With files" : "Without files", std::move(without));
  if (asked.filtered() || !asked.q.empty()) body.show("HAS_CHIPS");
}

const base::field_error* find_error(const directory_view& shown, std::string_view parameter) {
  const auto found = std::ranges::find(shown.wrong, parameter, &base::field_error::field);
  return found == shown.wrong.end() ? nullptr : &*found;
}

void fill_text_filter(view filter, std::size_t field, const directory_view& shown) {
  const auto& which = domain::detail_fields()[field];
  filter.set("NAME", which.name);
  filter.set("LABEL", which.label);
  filter.set("VALUE", shown.asked.filter(which.name));
  filter.set("MAXLENGTH", std::int64_t{2} * which.most);
  if (!which.suggestions.empty()) {
    filter.set_and_show("LIST", which.suggestions, "SUGGESTED");
    auto list = filter.add("SUGGESTIONS");
    list.set("LIST", which.suggestions);
    fill_suggestions(list, shown.offered, field);
  }
  if (!which.links_to_same) return;
  const auto& exact = shown.asked.filter(std::string(which.name) + "_exact");
  auto linked = filter.add("LINKED");
  if (!exact.empty()) linked.set_and_show("EXACT_VALUE", exact, "EXACT");
}

void fill_bound(view filter, const filter_parameter& which, const std::string& typed,
                const directory_view& shown) {
  const auto& field = domain::detail_fields()[which.field];
  const bool from = which.how == domain::comparison::at_least;
  filter.set("NAME", which.name);
  filter.set("LABEL", std::string(field.label) + (from ? " from" : " to"));
  filter.set("VALUE", typed);
  filter.set("MAXLENGTH", static_cast<std::int64_t>(std::to_string(field.most).size()));
  if (const auto* wrong = find_error(shown, which.name)) {
    filter.show("WRONG");
    filter.set_and_show("MESSAGE", wrong->message, "ERROR");
  }
}

void fill_field_filters(view body, const directory_view& shown) {
  const auto parameters = filter_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto how = parameters[i].how;
    if (how == domain::comparison::equals) continue;
    auto filter = body.add("FILTER");
    if (how == domain::comparison::begins_with) {
      fill_text_filter(filter.add("TEXT"), parameters[i].field, shown);
    } else {
      fill_bound(filter.add("BOUND"), parameters[i], shown.asked.filters[i], shown);
    }
  }
}

void fill_orders(view body, const directory_query& asked) {
  for (const auto& one : domain::people_sorts()) {
    const auto field = domain::detail_of(one.sort);
    if (!field) continue;
    auto option = body.add("ORDER");
    option.set("VALUE", one.name);
    option.set("LABEL", "By " + std::string(domain::detail_fields()[*field].noun));
    if (asked.sort == one.name) option.show("SELECTED");
  }
}

void fill_filters(view body, const directory_view& shown) {
  const auto& asked = shown.asked;
  body.set("Q", asked.q);
  body.set("SEARCHED", capitalized(join_words(spoken_of_searched(), " or ")));
  fill_field_filters(body, shown);
  if (asked.filtered()) body.show("FILTERED");
  if (asked.has_files == "yes") body.show("WITH_FILES");
  if (asked.has_files == "no") body.show("WITHOUT_FILES");
  if (asked.sort == "oldest") body.show("SORT_OLDEST");
  fill_orders(body, asked);
  fill_chips(body, asked);
}

// The headings of the columns.
void fill_columns(view results) {
  const auto fields = domain::detail_fields();
  for (std::size_t i = domain::name_field + 1; i < fields.size(); ++i) {
    if (!fields[i].listed) continue;
    auto column = results.add("COLUMN");
    column.set("LABEL", fields[i].label);
    if (fields[i].kind == domain::field_kind::whole_number) column.show("NUMBER");
  }
}

struct direction_words {
  std::string_view back;
  std::string_view forth;
};

direction_words words_of(const std::string& sort) {
  if (sort == "oldest") return {"Older", "Newer"};
  if (domain::detail_of(domain::parse_sort(sort).value_or(domain::people_sort::newest)))
    return {"Previous", "Next"};
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

// "a name, a place or a technology"
std::string a_searched() {
  std::vector<std::string> words;
  for (const auto& field : domain::detail_fields()) {
    if (!field.searched) continue;
    words.push_back(field.spoken.empty() ? fmt::format("{} {}", field.article, field.noun)
                                         : fmt::format("a {}", field.spoken));
  }
  const std::vector<std::string_view> views(words.begin(), words.end());
  return join_words(views, " or ");
}

void fill_empty_state(view body, const directory_query& asked) {
  if (!asked.q.empty() && !domain::wrong_with_words(asked.q) && base::query_words(asked.q).empty())
    body.set_and_show("A_SEARCHED", a_searched(), "EMPTY_WORDS");
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
    fill_columns(results);
    // Words that were refused were not searched for, so they are not marked.
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
  shown.offered = co_await read_suggestions(ctx);
  shown.asked = std::move(*asked);
  co_return html_answer(shown.wrong.empty() ? 200 : 422,
                        render_directory_page(frame_of(ctx, in.from, "People", "people"), shown));
}

}  // namespace dossier::web
