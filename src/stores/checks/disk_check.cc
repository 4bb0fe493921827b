#include "stores/checks/disk_check.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sizes.h"
#include "stores/sql/query.h"
#include "stores/sql/sqlite/sqlite_connection.h"

namespace dossier::stores {
namespace {

using domain::store_finding;
using domain::store_report;
using enum domain::severity;
using findings = std::vector<store_finding>;
namespace fs = std::filesystem;

constexpr std::uint64_t database_room = std::uint64_t{256} << 20;
constexpr auto of_others = fs::perms::group_all | fs::perms::others_all;

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

void look_at_room(const fs::path& folder, std::uint64_t needed, findings& found) {
  std::error_code problem;
  const auto space = fs::space(folder, problem);
  if (problem) return;
  if (auto one = check_room(space.available, needed, folder.string())) found.push_back(std::move(*one));
}

void look_at_mode(const fs::path& path, findings& found) {
  std::error_code problem;
  const auto mode = fs::status(path, problem).permissions();
  if (problem || (mode & of_others) == fs::perms::none) return;
  found.push_back({warning, "mode",
                   fmt::format("{} may be opened by other users of this machine.", path.string()),
                   fmt::format("chmod go= {}", path.string())});
}

void look_for_damage(const fs::path& file, findings& found) {
  const base::system_clock clock;
  sql::sqlite_connection on(file.string(), clock, {.mode = sql::sqlite_settings::access::look});
  sql::query row(on, "PRAGMA integrity_check(1)");
  if (row.next() && row.text(0) == "ok") {
    found.push_back({note, "integrity", "The database is whole.", {}});
    return;
  }
  found.push_back({error, "integrity", fmt::format("The database {} is damaged.", file.string()),
                   "Restore it from a backup; see `sqlite3 FILE 'PRAGMA integrity_check'`."});
}

}  // namespace

std::optional<store_finding> check_room(std::uint64_t left, std::uint64_t needed, const std::string& folder) {
  if (left >= needed) return std::nullopt;
  return store_finding{warning, "room",
                       fmt::format("Only {} are left on the disk of {}; there should be {}.",
                                   base::human_size(left), folder, base::human_size(needed)),
                       "Free some, or use a larger disk: what does not fit is refused."};
}

awaitable<store_report> sqlite_check::look(domain::check_depth how) {
  store_report report{.store = store_, .where = file_.string()};
  std::error_code problem;
  report.reached = fs::exists(file_, problem);
  if (!report.reached) {
    report.findings.push_back({error, "exists", fmt::format("There is no database {}.", file_.string()),
                               "Name the right one, or start `dossier serve` once: it makes it."});
    co_return report;
  }
  look_at_mode(file_, report.findings);
  look_at_room(folder_of(file_), database_room, report.findings);
  if (!how.read_bytes) co_return report;
  try {
    look_for_damage(file_, report.findings);
  } catch (const sql::failure& failed) {
    report.findings.push_back(
        {error, "integrity",
         fmt::format("The database {} cannot be read: {}", file_.string(), failed.detail()),
         "Restore it from a backup, or let this user read it."});
  }
  co_return report;
}

awaitable<store_report> folder_check::look(domain::check_depth) {
  store_report report{.store = wanted_.store, .where = folder_.string()};
  if (::access(folder_.c_str(), R_OK | W_OK | X_OK) != 0) {
    const auto why = std::generic_category().message(errno);
    report.findings.push_back({error, "folder",
                               fmt::format("The folder {} cannot be used: {}.", folder_.string(), why),
                               "Mount its disk, or let this user read and write it."});
    co_return report;
  }
  report.reached = true;
  if (wanted_.alone) look_at_mode(folder_, report.findings);
  look_at_room(folder_, wanted_.room, report.findings);
  co_return report;
}

}  // namespace dossier::stores
