// The audit log, for admins: a page with filters, and all of it as lines of JSON.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/byte_source.h"
#include "base/log.h"
#include "domain/audit.h"
#include "domain/validation.h"
#include "http/url.h"
#include "web/pages/page.h"
#include "web/pages/person_parts.h"
#include "web/pages/views.h"
#include "web/pages/words.h"
#include "web/problem.h"
#include "web/routes.h"

namespace dossier::web {
namespace {

using domain::actor;
using domain::audit_entry;
using domain::audit_query;

constexpr int entries_on_a_page = 50;
constexpr int exported_at_once = 500;

// "person_created": "Person created"
std::string in_words(std::string_view audit_action) {
  std::string words(audit_action);
  std::ranges::replace(words, '_', ' ');
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

std::string name_of(const audit_view& shown, domain::account_id id) {
  const auto found = std::ranges::find(shown.accounts, id, &domain::account::id);
  return found == shown.accounts.end() ? fmt::format("account {} (removed)", id.value) : found->name;
}

std::string doer_of(const audit_view& shown, const actor& by) {
  if (by.account.value != 0) return name_of(shown, by.account);
  switch (by.via) {
    case actor::kind::program:
      return "Dossier";
    case actor::kind::command:
      return "a command on the server";
    case actor::kind::visitor:
      return "nobody signed in";
  }
  return "an unknown program";
}

std::string address_of(const audit_view& shown, std::int64_t before) {
  std::string address = "/audit?";
  if (shown.asked.by) address += fmt::format("account={}&", shown.asked.by->value);
  if (shown.asked.what) address += fmt::format("what={}&", to_string(*shown.asked.what));
  if (!shown.person.empty()) address += fmt::format("person={}&", http::percent_encode(shown.person));
  if (before != 0) address += fmt::format("before={}&", before);
  address.pop_back();
  return address;
}

void fill_entry(view row, const audit_view& shown, const audit_entry& entry) {
  row.set("NUMBER", entry.number);
  row.set("WHAT", in_words(entry.what));
  row.set("WHO", doer_of(shown, entry.by));
  fill_time(row, "AT", entry.at, shown.now);
  if (!entry.detail.empty()) row.set_and_show("DETAIL_TEXT", entry.detail, "DETAIL");
  if (entry.to == "person") {
    auto person = row.add("PERSON");
    person.set("ID", entry.subject);
    person.set("URL", person_address({entry.subject}));
  } else if (entry.to == "account" && entry.subject != entry.by.account.value) {
    row.set_and_show("NAME", name_of(shown, {entry.subject}), "ACCOUNT");
  }
  if (!entry.by.address.empty()) row.set_and_show("ADDRESS", entry.by.address, "FROM");
  if (entry.by.token != 0)
    row.set_and_show("TOKEN_NUMBER", std::to_string(entry.by.token), "TOKEN");
  else if (entry.by.session != 0)
    row.set_and_show("SESSION_NUMBER", std::to_string(entry.by.session), "SESSION");
}

// The chained entries as lines, read as the client takes them.
class exported_lines final : public base::byte_source {
 public:
  explicit exported_lines(domain::audit_log& log) : log_(log) {}

  awaitable<base::result<base::byte_view>> next() override {
    lines_.clear();
    auto some = co_await log_.scan(after_, exported_at_once);
    if (!some) co_return base::pass(some);
    for (const auto& entry : *some) {
      lines_ += to_json_with_hash(entry) + "\n";
      after_ = entry.number;
    }
    co_return std::as_bytes(std::span(lines_));
  }

 private:
  domain::audit_log& log_;
  std::int64_t after_ = 0;
  std::string lines_;
};

// What was done a moment ago is shown too. When nothing can be written, the log is shown as it is.
awaitable<void> chain_now(domain::audit_log& log) {
  const auto chained = co_await log.chain();
  if (!chained) base::log_warning("audit entries wait", {{"reason", chained.error().message}});
}

struct asked_audit {
  audit_query query;
  std::string person;
};

// What cannot be understood is not looked for: the page shows all.
asked_audit read_query(const std::vector<http::name_value>& fields) {
  asked_audit asked;
  asked.query.limit = entries_on_a_page + 1;
  if (const auto by = domain::parse_id(http::find(fields, "account").value_or("")))
    asked.query.by = domain::account_id{*by};
  asked.query.what = domain::parse_audit_action(http::find(fields, "what").value_or(""));
  asked.query.before = domain::parse_id(http::find(fields, "before").value_or("")).value_or(0);
  asked.person = http::find(fields, "person").value_or("");
  if (const auto person = domain::parse_id(asked.person)) {
    asked.query.to = "person";
    asked.query.subject = *person;
  } else {
    asked.person.clear();
  }
  return asked;
}

}  // namespace

std::string render_audit_page(const page_frame& frame, const audit_view& shown) {
  page out("audit.html", frame);
  auto body = out.body();
  body.set("PERSON_TYPED", shown.person);
  for (const auto& one : shown.accounts) {
    auto choice = body.add("WHO_CHOICE");
    choice.set("ID", one.id.value);
    choice.set("NAME", one.name);
    if (shown.asked.by == one.id) choice.show("CHOSEN");
  }
  for (const auto what : domain::all_audit_actions()) {
    auto choice = body.add("WHAT_CHOICE");
    choice.set("VALUE", to_string(what));
    choice.set("WORDS", in_words(to_string(what)));
    if (shown.asked.what == what) choice.show("CHOSEN");
  }
  if (shown.entries.empty()) body.show("EMPTY");
  auto list = shown.entries.empty() ? body : body.add("RESULTS");
  for (const auto& entry : shown.entries) fill_entry(list.add("ENTRY"), shown, entry);
  if (shown.asked.before != 0) body.set_and_show("FIRST_URL", address_of(shown, 0), "FIRST");
  if (shown.older != 0) body.set_and_show("NEXT_URL", address_of(shown, shown.older), "NEXT");
  return out.render();
}

awaitable<http::response> pages::show_audit(const context& ctx, routed_request in) {
  if (ctx.audit == nullptr || ctx.sign_in == nullptr)
    co_return error_response(in.http, problem{404, "There is no audit log here."});
  auto fields = http::parse_form(in.http.query);
  if (!fields) co_return error_response(in.http, fields.error());
  auto asked = read_query(*fields);
  audit_view shown{.asked = asked.query, .person = std::move(asked.person), .now = ctx.clock.now()};
  co_await chain_now(*ctx.audit);
  auto entries = co_await ctx.audit->list(asked.query);
  if (!entries) co_return error_response(in.http, entries.error());
  shown.entries = std::move(*entries);
  if (std::ssize(shown.entries) > entries_on_a_page) {
    shown.entries.pop_back();
    shown.older = shown.entries.back().number;
  }
  auto accounts = co_await ctx.sign_in->accounts().list_accounts();
  if (!accounts) co_return error_response(in.http, accounts.error());
  shown.accounts = std::move(*accounts);
  co_return private_answer({}, render_audit_page(frame_of(ctx, in.from, "Audit log", "audit"), shown));
}

awaitable<http::response> pages::export_audit(const context& ctx, routed_request in) {
  if (ctx.audit == nullptr) co_return error_response(in.http, problem{404, "There is no audit log here."});
  auto noted = co_await ctx.audit->note(in.actor(), domain::audit_action::audit_exported, 0, "");
  if (!noted) co_return error_response(in.http, noted.error());
  co_await chain_now(*ctx.audit);
  http::response answer;
  answer.body = std::make_unique<exported_lines>(*ctx.audit);
  answer.set("Content-Type", "application/x-ndjson");
  answer.set("Content-Disposition", "attachment; filename=\"audit.ndjson\"");
  answer.set("Cache-Control", "no-store");
  co_return answer;
}

}  // namespace dossier::web
