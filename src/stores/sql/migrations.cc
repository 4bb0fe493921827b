#include "stores/sql/migrations.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/expects.h"
#include "base/log.h"
#include "base/sha256.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

using base::result;

struct script {
  int number = 0;
  std::string name;
  std::string digest;
  std::string sql;
};

struct applied_script {
  std::string name;
  std::string digest;
};

// "0001_records.sql" is number 1. A name without a number is an error of the build.
std::vector<script> in_order(std::span<const base::embedded_file> files) {
  std::vector<script> scripts;
  for (const auto& file : files) {
    script one{.name = std::string(file.path),
               .digest = base::to_hex(base::sha256_of(file.bytes)),
               .sql = std::string(file.bytes)};
    std::from_chars(file.path.data(), file.path.data() + file.path.size(), one.number);
    base::expects(one.number > 0, "a script's name begins with its number");
    scripts.push_back(std::move(one));
  }
  std::ranges::sort(scripts, {}, &script::number);
  base::expects(std::ranges::adjacent_find(scripts, {}, &script::number) == scripts.end(),
                "each script has a number of its own");
  return scripts;
}

std::map<int, applied_script> remembered(connection& on) {
  std::map<int, applied_script> applied;
  query rows(on, "SELECT number, name, digest FROM schema_migration");
  while (rows.next()) applied[static_cast<int>(rows.integer(0))] = {rows.string(1), rows.string(2)};
  return applied;
}

void create_table(connection& on) {
  on.run_script(
      "CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY KEY, name VARCHAR(255) NOT NULL, "
      "digest CHAR(64) NOT NULL, applied_at BIGINT NOT NULL)");
}

int last_number(const std::vector<script>& scripts) {
  return scripts.empty() ? 0 : scripts.back().number;
}

bool is_allowed(int newer, const std::vector<script>& scripts, step_ahead rule) {
  return rule == step_ahead::allowed && newer == last_number(scripts) + 1;
}

base::error too_new(const std::vector<script>& scripts, const std::string& newer, step_ahead rule) {
  return {base::error_code::internal,
          fmt::format("The data was migrated by a newer Dossier ({}; the last that this one knows is {}{}). "
                      "Use that version, or restore a backup from before the upgrade.",
                      newer, scripts.empty() ? "none" : scripts.back().name,
                      rule == step_ahead::allowed ? ", and it works beside one version newer at most" : "")};
}

std::optional<base::error> mismatch(const std::vector<script>& scripts,
                                    const std::map<int, applied_script>& applied, step_ahead rule) {
  for (const auto& [number, done] : applied) {
    const auto same = std::ranges::find(scripts, number, &script::number);
    if (same == scripts.end()) {
      if (is_allowed(number, scripts, rule)) continue;
      return too_new(scripts, done.name, rule);
    }
    if (same->digest != done.digest) {
      return base::error{
          base::error_code::internal,
          fmt::format("Migration {} is not the one that was run on this data. A migration must "
                      "never change once it was released: use the original, or a new one.",
                      same->name)};
    }
  }
  return std::nullopt;
}

std::vector<migration_status> compare(const std::vector<script>& scripts,
                                      const std::map<int, applied_script>& applied) {
  std::vector<migration_status> answer;
  for (const auto& one : scripts) answer.push_back({one.number, one.name, applied.contains(one.number)});
  for (const auto& [number, done] : applied) {
    if (number > last_number(scripts)) answer.push_back({number, done.name, true, true});
  }
  return answer;
}

// Which scripts were applied is read again inside the transaction, because another process may be starting at
// the same time.
result<bool> apply_one(connection& on, const std::vector<script>& scripts, const script& one,
                       step_ahead rule) {
  const auto applied = remembered(on);
  if (auto problem = mismatch(scripts, applied, rule)) return std::unexpected(*problem);
  if (applied.contains(one.number)) return false;
  on.run_script(one.sql);
  execute(on, "INSERT INTO schema_migration (number, name, digest, applied_at) VALUES (?, ?, ?, now_ms())",
          one.number, one.name, one.digest);
  return true;
}

result<bool> apply_in_transaction(connection& on, const std::vector<script>& scripts, const script& one,
                                  step_ahead rule) {
  try {
    on.begin();
    create_table(on);
    auto done = apply_one(on, scripts, one, rule);
    if (done) {
      on.commit();
    } else {
      on.roll_back();
    }
    return done;
  } catch (const failure& problem) {
    on.roll_back();
    base::log_error("migration failed", {{"migration", one.name}, {"detail", problem.detail()}});
    return std::unexpected(problem.answer());
  }
}

}  // namespace

result<std::vector<migration_status>> check_migrations(connection& on,
                                                       std::span<const base::embedded_file> files,
                                                       step_ahead rule) {
  const auto scripts = in_order(files);
  try {
    const auto applied = on.has_table("schema_migration") ? remembered(on) : std::map<int, applied_script>();
    if (auto problem = mismatch(scripts, applied, rule)) return std::unexpected(*problem);
    return compare(scripts, applied);
  } catch (const failure& problem) {
    base::log_error("reading the migrations failed", {{"detail", problem.detail()}});
    return std::unexpected(problem.answer());
  }
}

result<int> apply_migrations(connection& on, std::span<const base::embedded_file> files, step_ahead rule) {
  const auto status = check_migrations(on, files, rule);
  if (!status) return std::unexpected(status.error());
  const auto scripts = in_order(files);
  base::expects(status->size() >= scripts.size(), "every script has its status");
  int count = 0;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if ((*status)[i].applied) continue;
    const auto done = apply_in_transaction(on, scripts, scripts[i], rule);
    if (!done) return std::unexpected(done.error());
    count += *done ? 1 : 0;
  }
  return count;
}

}  // namespace dossier::stores::sql
