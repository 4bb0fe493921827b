// A digest of what was submitted: two submissions with the same fingerprint are the same. It is stored with
// idempotency keys, so every version must compute it in the same way.
#pragma once

#include <string_view>

#include "base/sha256.h"
#include "domain/values.h"

namespace dossier::domain {

class fingerprint {
 public:
  // Adds the length and then the text, so that "ab", "c" differs from "a", "bc".
  void add(std::string_view text);
  // A detail that came with a later version of Dossier adds nothing if it is empty, so that earlier
  // submissions keep their fingerprint.
  void add(const details& what);
  void add_file(std::string_view name, const sha256_digest& digest);
  sha256_digest finish() { return hash_.finish(); }

 private:
  base::sha256 hash_;
};

sha256_digest fingerprint_of(const details& what);

}  // namespace dossier::domain
