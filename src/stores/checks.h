// What the doctor looks at, store by store. The composition root calls this.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/store_check.h"
#include "stores/open.h"

namespace dossier::stores {

// One for each configured store, and one for the caller where one of them is in AWS. What cannot even be
// asked is a check that says so. What `around` names, and the randomness, outlive them.
std::vector<std::unique_ptr<domain::store_check>> make_checks(const locations& where,
                                                              const store_options& options,
                                                              const surroundings& around,
                                                              base::random_source& random);

// Says what was found before.
std::unique_ptr<domain::store_check> make_failed_check(std::string store, const base::error& why);

}  // namespace dossier::stores
