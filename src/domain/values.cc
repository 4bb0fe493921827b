#include "domain/values.h"

#include <charconv>
#include <utility>

#include "domain/media_type.h"

namespace dossier::domain {

std::int64_t details::number(std::size_t field) const {
  base::expects(field < values_.size() && detail_fields()[field].kind == field_kind::whole_number,
                "the detail is a number");
  std::int64_t value = 0;
  std::from_chars(values_[field].data(), values_[field].data() + values_[field].size(), value);
  return value;
}

void take_file(person& who, file next) {
  if (!who.photo && is_picture(next.media_type)) who.photo = next.id;
  if (who.files.size() < files_with_person) who.files.push_back(std::move(next));
}

bool has_more_files(const person& who) {
  return who.file_count > static_cast<std::int64_t>(who.files.size());
}

}  // namespace dossier::domain
