#include "app/examine_stores.h"

#include <utility>

#include "app/run_to_end.h"
#include "app/store_settings.h"
#include "base/clock.h"
#include "base/random.h"
#include "stores/checks.h"

namespace dossier::app {

std::vector<domain::store_report> examine_stores(const settings& chosen, domain::check_depth how) {
  const base::system_clock clock;
  base::system_random random;
  aws_session aws;
  std::vector<domain::store_report> reports;
  auto named = named_locations(chosen);
  if (!named) return reports;
  // Where the database is may not be known, and the others can be looked at all the same.
  const auto found = locations_of(chosen, aws);
  const auto& where = found ? *found : *named;
  if (!found) reports.push_back(run_to_end(stores::make_failed_check("records", found.error())->look(how)));

  const auto checks = stores::make_checks(where, options_of(chosen, where, aws),
                                          {.clock = clock,
                                           .aws =
                                               [&aws] {
                                                 return aws.access();
                                               }},
                                          random);
  for (const auto& one : checks) reports.push_back(run_to_end(one->look(how)));
  return reports;
}

bool has_remote_stores(const settings& chosen) {
  const auto where = named_locations(chosen);
  return where && !(std::holds_alternative<stores::sqlite_location>(where->records) &&
                    std::holds_alternative<stores::folder_location>(where->objects) &&
                    std::holds_alternative<stores::sqlite_location>(where->catalog));
}

}  // namespace dossier::app
