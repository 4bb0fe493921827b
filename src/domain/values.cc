#include "domain/values.h"

#include <algorithm>

#include "domain/media_type.h"

namespace dossier::domain {

const file* photo_of(const person& who) {
  const auto photo =
      std::ranges::find_if(who.files, [](const file& candidate) { return is_picture(candidate.media_type); });
  return photo == who.files.end() ? nullptr : &*photo;
}

}  // namespace dossier::domain
