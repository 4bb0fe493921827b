// Makes the checks that the doctor runs on each store. Called by the composition root (src/app).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/store_check.h"
#include "stores/open.h"

namespace dossier::stores {

// The checks of each configured store (with S3 also the staging folder), and of the credentials when a store
// is in AWS. If a store cannot be asked, its check reports why. `random`, and what `around` refers to, must
// outlive the checks.
std::vector<std::unique_ptr<domain::store_check>> make_checks(const locations& where,
                                                              const store_options& options,
                                                              const surroundings& around,
                                                              base::random_source& random);

// A check that only reports this error.
std::unique_ptr<domain::store_check> make_failed_check(std::string store, const base::error& why);

}  // namespace dossier::stores
