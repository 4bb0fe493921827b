#include "web/pages/submitted_page.h"

#include "web/error_response.h"
#include "web/pages/answer.h"
#include "web/pages/person_parts.h"
#include "web/pages/record_page.h"

namespace dossier::web {
namespace {

awaitable<http::response> show_submitted(const context& ctx, routed_request in) {
  auto who = co_await find_person(ctx, in);
  if (!who) co_return error_response(in.http, who.error());
  co_return html_answer(200, render_submitted_page(frame_of(ctx, "Stored", "submit"), *who));
}

}  // namespace

std::string render_submitted_page(const page_frame& frame, const domain::person& who) {
  page out("submitted.html", frame);
  auto body = out.body();
  fill_details(body, who);
  if (who.file_count == 0)
    body.show("WITHOUT_FILES");
  else
    body.set_and_show("FILES_IN_WORDS", files_in_words(who), "WITH_FILES");
  return out.render();
}

std::vector<route> submitted_routes(const context& ctx) {
  return {{"GET", "/submitted/{id}", [&ctx](routed_request in) {
             return show_submitted(ctx, std::move(in));
           }}};
}

}  // namespace dossier::web
