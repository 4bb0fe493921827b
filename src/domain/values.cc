#include "domain/values.h"

#include <utility>

#include "domain/media_type.h"

namespace dossier::domain {

void take_file(person& who, file next) {
  if (!who.photo && is_picture(next.media_type)) who.photo = next.id;
  if (who.files.size() < files_with_person) who.files.push_back(std::move(next));
}

bool has_more_files(const person& who) {
  return who.file_count > static_cast<std::int64_t>(who.files.size());
}

}  // namespace dossier::domain
