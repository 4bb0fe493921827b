#include "web/pages/views.h"

#include <fmt/format.h>

#include <utility>

#include "base/characters.h"
#include "base/text.h"
#include "http/url.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/pages/words.h"
#include "web/problem.h"
#include "web/routes.h"

namespace dossier::web {
namespace {

constexpr int files_on_a_page = 50;

std::string catalog_address(std::string_view author, std::string_view from) {
  auto address = "/catalog?author=" + http::percent_encode(author);
  if (!from.empty()) address += "&from=" + http::percent_encode(from);
  return address;
}

void fill_item(view row, const domain::catalog_item& item, base::time_point now) {
  row.set("FILE_NAME", base::plain_file_name(item.name));
  row.set("FILE_URL", content_address(item.file));
  row.set("SIZE", human_size(item.size));
  row.set("MARK", type_mark(item.name));
  row.set("KEY", item.key.value);
  row.set("AUTHOR", base::contained(item.author));
  row.set("NUMBER", item.person.value);
  row.set("URL", person_address(item.person));
  fill_time(row, "ADDED", item.created_at, now);
}

}  // namespace

std::string render_catalog_page(const page_frame& frame, const catalog_view& shown) {
  page out("catalog.html", frame);
  auto body = out.body();
  body.set("AUTHOR", shown.author);
  if (shown.author.empty()) {
    body.show("NOTHING_ASKED");
  } else if (shown.files.items.empty()) {
    // If more pages follow, the files of this one were deleted a moment ago.
    if (!shown.files.next) body.show(shown.first_page ? "EMPTY" : "EMPTY_PAGE");
  } else {
    auto results = body.add("RESULTS");
    for (const auto& item : shown.files.items) fill_item(results.add("FILE"), item, shown.now);
  }
  if (!shown.first_page) body.set_and_show("FIRST_URL", catalog_address(shown.author, ""), "FIRST");
  if (shown.files.next)
    body.set_and_show("NEXT_URL", catalog_address(shown.author, *shown.files.next), "NEXT");
  return out.render();
}

awaitable<http::response> pages::show_catalog(const context& ctx, routed_request in) {
  auto asked = http::parse_form(in.http.query);
  if (!asked) co_return error_response(in.http, asked.error());
  catalog_view shown;
  shown.author = http::find(*asked, "author").value_or("");
  shown.now = ctx.clock.now();
  if (!base::is_valid_utf8(shown.author))
    co_return error_response(in.http,
                             {.status = 400, .detail = "The address of this search cannot be read."});
  shown.author = std::string(base::trim(shown.author));
  if (!shown.author.empty()) {
    std::string from(http::find(*asked, "from").value_or(""));
    shown.first_page = from.empty();
    auto files = co_await ctx.people.files_by_author(shown.author, std::move(from), files_on_a_page);
    if (!files) co_return error_response(in.http, files.error());
    shown.files = std::move(*files);
  }
  co_return html_answer(200, render_catalog_page(frame_of(ctx, in.from, "Catalog", "catalog"), shown));
}

}  // namespace dossier::web
