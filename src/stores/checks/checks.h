// What the doctor looks at, store by store. The composition root calls this.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/store_check.h"
#include "stores/open.h"

namespace dossier::stores {

// One check for each configured store, and one for the credentials where a store is in AWS. For a store that
// cannot even be asked, the check says why. What `around` names, and the randomness, outlive the checks.
std::vector<std::unique_ptr<domain::store_check>> make_checks(const locations& where,
                                                              const store_options& options,
                                                              const surroundings& around,
                                                              base::random_source& random);

// A check that only reports this error.
std::unique_ptr<domain::store_check> make_failed_check(std::string store, const base::error& why);

}  // namespace dossier::stores
