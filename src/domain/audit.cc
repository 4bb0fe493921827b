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

struct action_name {
  audit_action what;
  std::string_view name;
  std::string_view subject;
};

constexpr std::string_view person = "person";
constexpr std::string_view account = "account";
constexpr std::string_view none;

constexpr std::array actions = {
    action_name{audit_action::person_created, "person_created", person},
    action_name{audit_action::person_changed, "person_changed", person},
    action_name{audit_action::person_deleted, "person_deleted", person},
    action_name{audit_action::files_added, "files_added", person},
    action_name{audit_action::file_removed, "file_removed", person},
    action_name{audit_action::account_added, "account_added", account},
    action_name{audit_action::account_changed, "account_changed", account},
    action_name{audit_action::account_removed, "account_removed", account},
    action_name{audit_action::password_set, "password_set", account},
    action_name{audit_action::link_made, "link_made", account},
    action_name{audit_action::signed_in, "signed_in", account},
    action_name{audit_action::signed_out, "signed_out", account},
    action_name{audit_action::sessions_ended, "sessions_ended", account},
    action_name{audit_action::token_made, "token_made", account},
    action_name{audit_action::token_ended, "token_ended", account},
    action_name{audit_action::second_factor_set, "second_factor_set", account},
    action_name{audit_action::second_factor_dropped, "second_factor_dropped", account},
    action_name{audit_action::recovery_codes_made, "recovery_codes_made", account},
    action_name{audit_action::audit_cut, "audit_cut", none},
    action_name{audit_action::audit_exported, "audit_exported", none},
};

constexpr int scanned_at_once = 500;

const action_name& row_of(audit_action what) {
  const auto found = std::ranges::find(actions, what, &action_name::what);
  base::expects(found != actions.end(), "every audit_action has a name");
  return *found;
}

// A later version may have written a kind that this one does not know.
std::string to_string(actor::kind via) {
  switch (via) {
    case actor::kind::program:
      return "program";
    case actor::kind::command:
      return "command";
    case actor::kind::visitor:
      return "visitor";
  }
  return fmt::format("kind {}", static_cast<int>(via));
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

std::string_view to_string(audit_action what) {
  return row_of(what).name;
}

std::optional<audit_action> parse_audit_action(std::string_view text) {
  const auto found = std::ranges::find(actions, text, &action_name::name);
  if (found == actions.end()) return std::nullopt;
  return found->what;
}

std::span<const audit_action> all_audit_actions() {
  static const auto all = [] {
    std::array<audit_action, actions.size()> some{};
    std::ranges::transform(actions, some.begin(), &action_name::what);
    return some;
  }();
  return all;
}

std::string_view subject_of(audit_action what) {
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

std::string cut_detail(const audit_mark& cut) {
  return fmt::format("up to entry {}:{}", cut.number, base::to_hex(cut.hash));
}

namespace {

// Looks through the chain from its beginning to its end.
class audit_reader {
 public:
  audit_reader(audit_log& log, audit_state state, const std::optional<audit_mark>& known)
      : log_(log), known_(known), reached_(state.cut) {
    report_.state = state;
  }

  awaitable<result<audit_report>> read() {
    if (known_ && known_->number < reached_.number) {
      co_return wrong(
          fmt::format("Entry {} cannot be compared: entries up to {} were cut off, because they were old.",
                      known_->number, reached_.number));
    }
    compare();
    while (!report_.wrong) {
      const auto some = co_await log_.scan(reached_.number, scanned_at_once);
      if (!some) co_return std::unexpected(some.error());
      if (some->empty()) break;
      for (const auto& entry : *some) {
        take(entry);
        if (report_.wrong) co_return std::move(report_);
      }
    }
    if (!report_.wrong) compare_end();
    co_return std::move(report_);
  }

 private:
  audit_report wrong(std::string what) {
    report_.wrong = std::move(what);
    return std::move(report_);
  }

  void compare() {
    if (known_ && known_->number == reached_.number && known_->hash != reached_.hash)
      report_.wrong =
          fmt::format("Entry {} is not the one that was kept: its hash differs.", reached_.number);
  }

  void take(const audit_entry& entry) {
    if (entry.number != reached_.number + 1) {
      report_.wrong = fmt::format("Entry {} is missing.", reached_.number + 1);
      return;
    }
    if (chained_hash(reached_.hash, entry) != entry.hash) {
      report_.wrong = fmt::format("Entry {} was changed, or one before it: its hash is wrong.", entry.number);
      return;
    }
    if (entry.what == to_string(audit_action::audit_cut) && entry.by.via == actor::kind::program)
      last_cut_ = entry.detail;
    if (report_.entries == 0) report_.first_at = entry.at;
    reached_ = {entry.number, entry.hash};
    ++report_.entries;
    compare();
  }

  // Entries may have been chained while this looked through them.
  void compare_end() {
    const auto& state = report_.state;
    if (reached_.number < state.last.number)
      report_.wrong =
          fmt::format("The last entries are missing: {} to {}.", reached_.number + 1, state.last.number);
    else if (reached_.number == state.last.number && reached_.hash != state.last.hash)
      report_.wrong = "The end of the chain is not the one that was noted.";
    else if (known_ && known_->number > reached_.number)
      report_.wrong = fmt::format("Entry {}, which was kept, is missing.", known_->number);
    else if (state.cut.number > 0 && last_cut_ != cut_detail(state.cut))
      report_.wrong = fmt::format("Entries up to {} were taken out: no cut of old entries is noted for them.",
                                  state.cut.number);
    if (!report_.wrong) report_.state.last = reached_;
  }

  audit_log& log_;
  const std::optional<audit_mark> known_;
  audit_mark reached_;
  std::string last_cut_;
  audit_report report_;
};

}  // namespace

awaitable<result<audit_report>> verify_audit(audit_log& log, std::optional<audit_mark> known) {
  while (true) {
    auto state = co_await log.state();
    if (!state) co_return base::pass(state);
    const auto cut = state->cut;
    audit_reader reader(log, *state, known);
    auto report = co_await reader.read();
    if (!report || !report->wrong) co_return report;
    // Old entries may have been cut off meanwhile; then all of it is read again.
    const auto after = co_await log.state();
    if (!after) co_return std::unexpected(after.error());
    if (after->cut == cut) co_return report;
  }
}

}  // namespace dossier::domain
