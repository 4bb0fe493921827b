// What those see who may submit and not read.
#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/characters.h"
#include "base/expects.h"
#include "domain/intake.h"
#include "http/url.h"
#include "web/pages/field_parts.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/pages/signing_in.h"
#include "web/pages/views.h"
#include "web/pages/words.h"
#include "web/problem.h"
#include "web/routes.h"

namespace dossier::web {

std::string render_received_page(const page_frame& frame, std::string_view number) {
  page out("received.html", frame);
  if (!number.empty()) out.body().set_and_show("NUMBER", number, "WITH_NUMBER");
  return out.render();
}

std::string render_receipt_page(const page_frame& frame, const receipt_view& shown) {
  page out("receipt.html", frame);
  auto body = out.body();
  if (!shown.receipt) {
    body.show("NOT_VALID");
    return out.render();
  }
  auto valid = body.add("VALID");
  valid.set("NUMBER", shown.receipt->number.value);
  valid.set("UNTIL", readable_time(shown.receipt->ends_at));
  valid.set("ADDRESS", shown.address);
  if (!shown.receipt->stored) {
    valid.show("CHANGED");
    return out.render();
  }
  auto stored = valid.add("STORED");
  const auto& who = *shown.receipt->stored;
  stored.set("NAME", who.details.name());
  fill_detail_list(stored, who.details);
  auto files = who.files.empty() ? stored : stored.add("WITH_FILES");
  for (const auto& file : who.files) {
    auto row = files.add("FILE");
    row.set("FILE_NAME", base::plain_file_name(file.name));
    row.set("SIZE", human_size(file.size));
    row.set("MARK", type_mark(file.name));
  }
  return out.render();
}

// For those who may submit and not read: it says nothing that they did not send.
awaitable<http::response> pages::show_received(const context& ctx, routed_request in) {
  const auto asked = http::parse_form(in.http.query);
  const auto number = asked ? http::find(*asked, "no").value_or("") : std::string_view();
  const bool sane =
      number.size() <= 19 && std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
  co_return html_answer(200, render_received_page(frame_of(ctx, in.from, "Stored", "submit"),
                                                  sane ? number : std::string_view()));
}

// Whoever has the link sees it, so it must not be passed on by the browser.
awaitable<http::response> pages::show_receipt(const context& ctx, routed_request in) {
  base::expects(!in.captures.empty(), "the route has the receipt's secret");
  auto found = co_await ctx.intake.find_receipt(in.captures[0]);
  if (!found) co_return error_response(in.http, found.error());
  receipt_view shown{.receipt = std::move(*found)};
  shown.address = fmt::format("{}/receipts/{}", site_of(ctx, in.http), in.captures[0]);
  auto answer = html_answer(shown.receipt ? 200 : 410,
                            render_receipt_page(frame_of(ctx, in.from, "Receipt", "receipt"), shown));
  answer.set("Cache-Control", "no-store");
  answer.set("Referrer-Policy", "no-referrer");
  answer.set("X-Robots-Tag", "noindex");
  co_return answer;
}

}  // namespace dossier::web
