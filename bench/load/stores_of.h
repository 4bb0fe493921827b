// Dossier's own stores in a folder, for the programs that use them without HTTP.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "stores/embedded.h"

namespace dossier::bench {

// A benchmark has no caller to return an error to, so it ends.
template <class T>
T must(base::result<T> outcome) {
  if (!outcome) {
    std::fprintf(stderr, "%s\n", outcome.error().message.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

struct stores_of {
  explicit stores_of(const std::string& folder)
      : stores(must(stores::open_embedded(folder, clock, {.page_cache_kib = 64 * 1024}, {}))) {}

  base::system_clock clock;
  base::system_random random;
  stores::opened_stores stores;
};

}  // namespace dossier::bench
