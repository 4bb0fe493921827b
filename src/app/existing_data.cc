#include "app/existing_data.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "app/run_to_end.h"
#include "app/store_settings.h"
#include "domain/belonging.h"

namespace dossier::app {

using base::result;

namespace {

bool is_there(const stores::schema_status& status) {
  return std::ranges::any_of(status.records, &stores::sql::migration_status::applied);
}

// Whether migration scripts were not applied to the records, or to a catalog that exists. A missing catalog
// is made again, empty.
bool is_older(const stores::schema_status& status) {
  const auto applied = &stores::sql::migration_status::applied;
  const bool catalog_is_there = std::ranges::any_of(status.catalog, applied);
  return !std::ranges::all_of(status.records, applied) ||
         (catalog_is_there && !std::ranges::all_of(status.catalog, applied));
}

}  // namespace

std::string flags_for(const settings& chosen) {
  return chosen.records.empty() ? fmt::format(" --data {}", chosen.data) : std::string();
}

result<std::unique_ptr<existing_data>> existing_data::open(const settings& chosen, whose how,
                                                           if_none otherwise) {
  auto one = std::unique_ptr<existing_data>(new existing_data);
  auto where = locations_of(chosen, one->aws_);
  if (!where) return base::pass(where);
  auto status = stores::migration_status(*where, options_of(chosen, *where, one->aws_));
  if (!status) return base::pass(status);
  const bool there = is_there(*status);
  if (!there && otherwise == if_none::refuse) {
    return base::fail(
        base::error_code::not_found,
        chosen.records.empty()
            ? fmt::format("There is no data in {}. Name its folder with --data.", chosen.data)
            : fmt::format("There is no data in {}. Name the database with --records.", chosen.records));
  }
  if (there && is_older(*status)) {
    return base::fail(base::error_code::conflict,
                      fmt::format("The data was written by an older version. Run `dossier migrate{}` first.",
                                  flags_for(chosen)));
  }
  auto opened = open_stores(chosen, *where, one->clock_, {}, one->aws_);
  if (!opened) return base::pass(opened);
  one->stores_ = std::move(*opened);
  if (auto ours = one->make_sure(how); !ours) return base::pass(ours);
  one->tasks_.emplace(one->records(), one->objects(), one->catalog(), one->random_, chosen.worker);
  return one;
}

awaitable<result<domain::doctor_report>> existing_data::examine(domain::doctor_options how) {
  return domain::examine(records(), objects(), catalog(), how);
}

awaitable<result<void>> existing_data::adopt() {
  return domain::adopt_stores(records(), objects(), catalog());
}

// Next to the wrong records, no row would name any of the files.
result<void> existing_data::make_sure(whose how) {
  if (how == whose::unchecked) return {};
  if (how == whose::looked_at)
    return run_to_end(domain::check_stores(records(), objects(), catalog(), domain::unmarked::look));
  for (const auto& confirm : stores_.confirm) {
    if (auto ours = run_to_end(confirm()); !ours) return ours;
  }
  return {};
}

}  // namespace dossier::app
