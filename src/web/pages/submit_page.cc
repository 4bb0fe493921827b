#include "web/pages/views.h"

#include <fmt/format.h>

#include "base/random.h"
#include "web/field_words.h"
#include "web/pages/error_page.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/pages/words.h"
#include "web/problem.h"
#include "web/receive_submission.h"
#include "web/routes.h"

namespace dossier::web {
std::string render_submitted_page(const page_frame& frame, const domain::person& who) {
  page out("submitted.html", frame);
  auto body = out.body();
  fill_details(body, who);
  body.set("DETAILS_IN_WORDS", capitalized(join_words(nouns_of_details(), " and ")));
  if (who.file_count == 0)
    body.show("WITHOUT_FILES");
  else
    body.set_and_show("FILES_IN_WORDS", files_in_words(who), "WITH_FILES");
  return out.render();
}

awaitable<http::response> pages::show_submitted(const context& ctx, routed_request in) {
  auto who = co_await find_person(ctx, in);
  if (!who) co_return error_response(in.http, who.error());
  co_return html_answer(200, render_submitted_page(frame_of(ctx, in.from, "Stored", "submit"), *who));
}

namespace {

awaitable<submit_view> new_form(const context& ctx, const visitor& from) {
  // The form works without its suggestions. They are what others wrote, so only those get them who may read
  // it.
  suggestions offered(domain::detail_fields().size());
  if (may_use(from, who::viewer, false)) offered = co_await read_suggestions(ctx);
  const auto& limits = ctx.intake.limits();
  submit_view form;
  form.idempotency_key = base::system_random().token();
  form.offered = std::move(offered);
  form.file_bytes = limits.file_bytes;
  form.files = limits.files;
  form.file_required = limits.file_required;
  co_return form;
}

}  // namespace

std::string render_submit_page(page_frame frame, const submit_view& form) {
  frame.has_errors = form.problem.has_value();
  page out("submit.html", frame);
  auto body = out.body();
  body.show(may_use(frame.visitor, who::viewer, false) ? "READS" : "SENDS");
  fill_inputs(body, {.typed = form.typed, .offered = form.offered, .problem = form.problem});
  body.set("KEY", form.idempotency_key);
  body.set("MOST_FILES", count_of(form.files, "file", "files"));
  body.set("MAX_WORDS", size_limit(form.file_bytes));
  body.set("MAX_BYTES", static_cast<std::int64_t>(form.file_bytes));
  body.set("MAX_FILES", form.files);
  body.show(form.file_required ? "FILE_REQUIRED" : "FILE_OPTIONAL");
  if (form.problem) {
    fill_errors(body, *form.problem);
    // A browser empties file inputs when it shows a page again; without a hint people would miss that.
    body.show("CHOOSE_AGAIN");
  }
  return out.render();
}

awaitable<http::response> pages::show_form(const context& ctx, routed_request in) {
  const auto form = co_await new_form(ctx, in.from);
  co_return html_answer(200, render_submit_page(frame_of(ctx, in.from, "Submit", "submit"), form));
}

awaitable<http::response> pages::submit(const context& ctx, routed_request in) {
  auto received = co_await receive_submission(in.http, ctx, std::nullopt, sender::page, in.actor());
  if (received.outcome) {
    const auto id = received.outcome->person.id;
    if (may_use(in.from, who::viewer, false)) co_return see_other(fmt::format("/submitted/{}", id.value));
    if (const auto secret = co_await ctx.intake.make_receipt(id); !secret.empty())
      co_return see_other("/receipts/" + secret);
    co_return see_other(fmt::format("/received?no={}", id.value));
  }
  if (in.http.broken_off) co_return error_response(in.http, received.outcome.error());
  auto form = co_await new_form(ctx, in.from);
  if (auto key = key_to_go_on(received); !key.empty()) form.idempotency_key = std::move(key);
  form.typed = std::move(received.typed);
  form.problem = in_plain_words(std::move(received.outcome.error()));
  auto answer = html_answer(status_of(form.problem->code),
                            render_submit_page(frame_of(ctx, in.from, "Submit", "submit"), form));
  set_retry_after(answer, describe(*form.problem));
  co_return answer;
}

}  // namespace dossier::web
