#include "domain/fingerprint.h"

#include <fmt/format.h>

namespace dossier::domain {

void fingerprint::add(std::string_view text) {
  hash_.update(fmt::format("{}:", text.size()));
  hash_.update(text);
}

void fingerprint::add(const details& what) {
  for (std::size_t i = 0; i < what.size(); ++i) {
    const bool came_later = i >= details_at_first;
    if (came_later && what[i].empty()) continue;
    if (came_later) add(detail_fields()[i].name);
    add(what[i]);
  }
}

void fingerprint::add_file(std::string_view name, const sha256_digest& digest) {
  add(name);
  hash_.update(digest);
}

sha256_digest fingerprint_of(const details& what) {
  fingerprint one;
  one.add(what);
  return one.finish();
}

}  // namespace dossier::domain
