#include "domain/audit.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/expects.h"
#include "base/json_text.h"
#include "base/sha256.h"

namespace dossier::domain {
namespace {

struct deed_name {
  deed what;
  std::string_view name;
  std::string_view subject;
};

constexpr std::string_view person = "person";
constexpr std::string_view account = "account";
constexpr std::string_view none;

constexpr std::array deeds = {
    deed_name{deed::person_created, "person_created", person},
    deed_name{deed::person_changed, "person_changed", person},
    deed_name{deed::person_deleted, "person_deleted", person},
    deed_name{deed::files_added, "files_added", person},
    deed_name{deed::file_removed, "file_removed", person},
    deed_name{deed::account_added, "account_added", account},
    deed_name{deed::account_changed, "account_changed", account},
    deed_name{deed::account_removed, "account_removed", account},
    deed_name{deed::password_set, "password_set", account},
    deed_name{deed::link_made, "link_made", account},
    deed_name{deed::signed_in, "signed_in", account},
    deed_name{deed::signed_out, "signed_out", account},
    deed_name{deed::sessions_ended, "sessions_ended", account},
    deed_name{deed::token_made, "token_made", account},
    deed_name{deed::token_ended, "token_ended", account},
    deed_name{deed::second_factor_set, "second_factor_set", account},
    deed_name{deed::second_factor_dropped, "second_factor_dropped", account},
    deed_name{deed::recovery_codes_made, "recovery_codes_made", account},
    deed_name{deed::audit_cut, "audit_cut", none},
    deed_name{deed::audit_exported, "audit_exported", none},
};

constexpr int scanned_at_once = 500;

const deed_name& row_of(deed what) {
  const auto found = std::ranges::find(deeds, what, &deed_name::what);
  base::expects(found != deeds.end(), "every deed has a name");
  return *found;
}

std::string_view to_string(actor::kind via) {
  switch (via) {
    case actor::kind::program:
      return "program";
    case actor::kind::command:
      return "command";
    case actor::kind::visitor:
      return "visitor";
  }
  base::not_reached();
}

void add_text(std::string& json, std::string_view name, std::string_view text) {
  json += fmt::format(",\"{}\":", name);
  base::append_json_string(json, text);
}

std::string without_end(const audit_entry& entry) {
  std::string json = fmt::format("{{\"number\":{}", entry.number);
  add_text(json, "at", base::to_rfc3339(entry.at));
  add_text(json, "what", entry.what);
  if (!entry.to.empty()) {
    add_text(json, "to", entry.to);
    json += fmt::format(",\"id\":{}", entry.subject);
  }
  if (!entry.detail.empty()) add_text(json, "detail", entry.detail);
  add_text(json, "via", to_string(entry.by.via));
  if (entry.by.account.value != 0) json += fmt::format(",\"account\":{}", entry.by.account.value);
  if (entry.by.session != 0) json += fmt::format(",\"session\":{}", entry.by.session);
  if (entry.by.token != 0) json += fmt::format(",\"token\":{}", entry.by.token);
  if (!entry.by.address.empty()) add_text(json, "address", entry.by.address);
  return json;
}

}  // namespace

std::string_view to_string(deed what) {
  return row_of(what).name;
}

std::optional<deed> parse_deed(std::string_view text) {
  const auto found = std::ranges::find(deeds, text, &deed_name::name);
  if (found == deeds.end()) return std::nullopt;
  return found->what;
}

std::span<const deed> all_deeds() {
  static const auto all = [] {
    std::array<deed, deeds.size()> some{};
    std::ranges::transform(deeds, some.begin(), &deed_name::what);
    return some;
  }();
  return all;
}

std::string_view subject_of(deed what) {
  return row_of(what).subject;
}

std::string to_json(const audit_entry& entry) {
  base::expects(entry.number > 0, "an entry is written when it has its number");
  return without_end(entry) + "}";
}

std::string to_json_with_hash(const audit_entry& entry) {
  base::expects(entry.number > 0, "an entry is written when it has its number");
  auto json = without_end(entry);
  add_text(json, "hash", base::to_hex(entry.hash));
  return json + "}";
}

base::sha256_digest chained_hash(const base::sha256_digest& before, const audit_entry& entry) {
  std::string all(reinterpret_cast<const char*>(before.data()), before.size());
  return base::sha256_of(all + to_json(entry));
}

awaitable<result<audit_report>> verify_audit(audit_log& log, std::optional<audit_mark> known) {
  audit_report report;
  auto state = co_await log.state();
  if (!state) co_return base::pass(state);
  report.state = *state;
  auto reached = state->cut;
  const auto compare = [&](const audit_mark& mark) {
    if (known && known->number == mark.number && known->hash != mark.hash)
      report.wrong = fmt::format("Entry {} is not the one that was kept: its hash differs.", mark.number);
  };
  if (known && known->number < state->cut.number) {
    report.wrong =
        fmt::format("Entry {} cannot be compared: entries up to {} were cut off, because they were old.",
                    known->number, state->cut.number);
  }
  compare(reached);
  while (!report.wrong) {
    const auto some = co_await log.scan(reached.number, scanned_at_once);
    if (!some) co_return std::unexpected(some.error());
    for (const auto& entry : *some) {
      if (entry.number != reached.number + 1) {
        report.wrong = fmt::format("Entry {} is missing.", reached.number + 1);
      } else if (chained_hash(reached.hash, entry) != entry.hash) {
        report.wrong =
            fmt::format("Entry {} was changed, or one before it: its hash is wrong.", entry.number);
      }
      if (report.wrong) co_return report;
      reached = {entry.number, entry.hash};
      ++report.entries;
      compare(reached);
      if (report.wrong) co_return report;
    }
    if (some->empty()) break;
  }
  // Entries may be chained while this looks through them.
  if (!report.wrong && reached.number < state->last.number)
    report.wrong =
        fmt::format("The last entries are missing: {} to {}.", reached.number + 1, state->last.number);
  if (!report.wrong && reached.number == state->last.number && reached.hash != state->last.hash)
    report.wrong = "The end of the chain is not the one that was noted.";
  if (!report.wrong && known && known->number > reached.number)
    report.wrong = fmt::format("Entry {}, which was kept, is missing.", known->number);
  if (!report.wrong) report.state.last = reached;
  co_return report;
}

}  // namespace dossier::domain
