#include "web/pages/views.h"

#include <fmt/format.h>

#include <utility>

#include "base/characters.h"
#include "base/expects.h"
#include "base/random.h"
#include "http/url.h"
#include "web/pages/error_page.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/pages/words.h"
#include "web/problem.h"
#include "web/routes.h"

#include "web/receive_submission.h"

namespace dossier::web {
namespace {

constexpr int files_on_a_page = 50;

std::string history_in_words(const domain::history_entry& entry) {
  const auto with = [&](std::string_view verb, std::string_view otherwise) {
    return entry.what.empty() ? std::string(otherwise)
                              : fmt::format("{} {}", verb, base::plain_file_name(entry.what));
  };
  if (entry.action == "created") return with("Submitted with", "Submitted");
  if (entry.action == "edited") return with("Changed", "Changed");
  if (entry.action == "files_added") return with("Added", "Added files");
  if (entry.action == "file_removed") return with("Removed", "Removed a file");
  return with(entry.action, entry.action);
}

void fill_history(view body, const record_view& record) {
  for (const auto& entry : record.history) {
    auto item = body.add("EVENT");
    item.set("WHAT", history_in_words(entry));
    if (entry.account != 0)
      item.set_and_show("NAME", entry.by.empty() ? "an account that was removed" : entry.by, "BY");
    fill_time(item, "AT", entry.at, record.now);
  }
}

void fill_edit_form(view body, const record_view& record) {
  auto form = body.add("EDITING");
  form.set("VERSION", record.who.version);
  fill_inputs(form, {.typed = record.editing->typed,
                     .offered = record.offered,
                     .problem = record.problem,
                     .stored = &record.who.details,
                     .stale = record.editing->stale});
  if (record.problem) fill_errors(form, *record.problem);
}

void fill_adding(view body, const record_view& record) {
  auto adding = body.add("ADDING");
  adding.set("KEY", record.idempotency_key);
  adding.set("MAX_WORDS", size_limit(record.file_bytes));
  adding.set("MAX_BYTES", static_cast<std::int64_t>(record.file_bytes));
  adding.set("MAX_FILES", record.files_at_once);
  adding.set("MOST_FILES", count_of(record.files_at_once, "file", "files"));
  if (record.problem) fill_errors(adding, *record.problem, "more_files");
}

std::string files_address(domain::person_id id, const shown_files& asked) {
  const auto query = query_of(asked);
  return person_address(id) + (query.empty() ? "" : "?" + query) + "#files-title";
}

// The words and links about files that are needed when one page does not show them all.
void fill_file_pages(view list, const record_view& record) {
  const auto id = record.who.id;
  const auto& asked = record.asked;
  const auto& next = record.files.next;
  if (!next && !asked.after && !asked.newest_first) return;
  auto ordered = list.add("ORDERED");
  ordered.set("COUNT", count_of(record.who.file_count, "file", "files"));
  ordered.set("ORDER", asked.newest_first ? "newest" : "oldest");
  ordered.set("OTHER", asked.newest_first ? "oldest" : "newest");
  ordered.set("OTHER_URL", files_address(id, {.newest_first = !asked.newest_first}));
  if (!next && !asked.after) return;
  auto pages = list.add("PAGES");
  if (asked.after)
    pages.set_and_show("FIRST_URL", files_address(id, {.newest_first = asked.newest_first}), "FIRST");
  if (next)
    pages.set_and_show("NEXT_URL", files_address(id, {.newest_first = asked.newest_first, .after = next}),
                       "NEXT");
}

std::string_view notice_of(std::string_view query) {
  const auto pairs = http::parse_form(query);
  for (const std::string_view notice : {"saved", "added", "removed"}) {
    if (pairs && http::find(*pairs, notice)) return notice;
  }
  return {};
}

awaitable<base::result<void>> read_files(const context& ctx, record_view& record, shown_files asked) {
  const auto& who = record.who;
  record.asked = asked;
  if (!domain::has_more_files(who) && !asked.newest_first && !asked.after) {
    record.files.items = who.files;
    co_return base::result<void>();
  }
  auto page = co_await ctx.people.list_files(
      {.person = who.id, .newest_first = asked.newest_first, .after = asked.after, .limit = files_on_a_page});
  if (!page) co_return base::pass(page);
  record.files = std::move(*page);
  co_return base::result<void>();
}

// The page where those who added files find them.
std::string address_after_adding(const domain::person& who) {
  return person_address(who.id) + (who.file_count > files_on_a_page ? "?added&files=newest" : "?added");
}

}  // namespace

std::string render_record_page(page_frame frame, const record_view& record) {
  frame.has_errors = record.problem.has_value();
  page out("record.html", frame);
  auto body = out.body();
  fill_details(body, record.who);
  fill_avatar(body, record.who);
  fill_time(body, "ADDED", record.who.created_at, record.now);
  if (record.who.updated_at != record.who.created_at)
    fill_time(body.add("WAS_CHANGED"), "CHANGED", record.who.updated_at, record.now);
  if (record.notice == "saved") body.show("SAVED");
  if (record.notice == "added") body.show("FILES_ADDED");
  if (record.notice == "removed") body.show("FILE_REMOVED");
  if (record.editing) {
    fill_edit_form(body, record);
    fill_first_files(body, record.who, record.now);
  } else {
    fill_file_pages(fill_files(body, record.files.items, record.now,
                               record.may_edit ? file_actions::remove : file_actions::none, record.asked),
                    record);
    auto details = body.add("DETAILS");
    fill_detail_list(details, record.who.details);
    if (record.may_edit) details.show("MAY_EDIT");
    if (record.may_edit) fill_adding(body, record);
  }
  if (!record.history.empty()) fill_history(body.add("HISTORY"), record);
  return out.render();
}

awaitable<base::result<domain::person>> find_person(const context& ctx, const routed_request& in) {
  base::expects(!in.captures.empty(), "the route has the person's id");
  const auto id = domain::parse_id(in.captures.at(0));
  if (!id) co_return base::fail(base::error_code::not_found, "There is no such record.");
  auto who = co_await ctx.people.find({*id});
  if (!who && who.error().code == base::error_code::not_found)
    co_return base::fail(base::error_code::not_found, fmt::format("There is no record no. {}.", *id));
  co_return who;
}

awaitable<record_view> view_record(const context& ctx, domain::person who) {
  record_view record;
  // The record is shown even if its history cannot be read.
  auto history = co_await ctx.people.history(who.id);
  if (history) record.history = std::move(*history);
  record.who = std::move(who);
  record.idempotency_key = base::system_random().token();
  record.file_bytes = ctx.intake.limits().file_bytes;
  record.files_at_once = ctx.intake.limits().files;
  record.now = ctx.clock.now();
  co_return record;
}

awaitable<http::response> pages::show_record(const context& ctx, routed_request in) {
  auto who = co_await find_person(ctx, in);
  if (!who) co_return error_response(in.http, who.error());
  auto record = co_await view_record(ctx, std::move(*who));
  if (auto read = co_await read_files(ctx, record, read_shown_files(in.http.query)); !read)
    co_return error_response(in.http, read.error());
  record.notice = notice_of(in.http.query);
  record.may_edit = may_edit(in.from);
  auto frame = frame_of(ctx, in.from, base::isolated(record.who.details.name()), "people");
  co_return html_answer(200, render_record_page(std::move(frame), record));
}

awaitable<http::response> pages::add_files(const context& ctx, routed_request in) {
  const auto id = domain::parse_id(in.captures.at(0));
  if (!id) co_return error_response(in.http, {.status = 404, .detail = "There is no such record."});
  auto received = co_await receive_submission(in.http, ctx, domain::person_id{*id}, sender::page, in.actor());
  if (received.outcome) co_return see_other(address_after_adding(received.outcome->person));
  auto problem = in_plain_words(std::move(received.outcome.error()));
  if (in.http.broken_off || problem.code == base::error_code::gone)
    co_return error_response(in.http, problem);
  auto who = co_await find_person(ctx, in);
  // That the files may have been stored is more important than why the record cannot be shown.
  if (!who) co_return error_response(in.http, problem.may_have_happened ? problem : who.error());
  auto record = co_await view_record(ctx, std::move(*who));
  if (auto read = co_await read_files(ctx, record, {}); !read)
    co_return error_response(in.http, problem.may_have_happened ? problem : read.error());
  if (auto key = key_to_go_on(received); !key.empty()) record.idempotency_key = std::move(key);
  record.problem = std::move(problem);
  const auto what = describe(*record.problem);
  auto frame = frame_of(ctx, in.from, base::isolated(record.who.details.name()), "people");
  auto answer = html_answer(what.status, render_record_page(std::move(frame), record));
  set_retry_after(answer, what);
  co_return answer;
}

}  // namespace dossier::web
