// The rules for what people type. Every error at once, each with its field and what to do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/values.h"

namespace dossier::domain {

// Details as they were typed. A missing field is one that was not sent.
struct details_draft {
  std::optional<std::string> name;
  std::optional<std::string> location;
  std::optional<std::string> age;
  std::optional<std::string> technology;
};

// Trims, checks, and answers the details, or `invalid` with a field_error for each wrong field.
base::result<details> validate(const details_draft& draft);

// For an edit: `current` with the fields that the draft names, checked in the same way.
base::result<details> validate_change(const details& current, const details_draft& draft);

// A whole number of 0 to 150, in the digits of any script; "42.0" is one.
std::optional<int> parse_age(std::string_view text);

// An id as people type it: a whole number from 1, at most 18 digits, of any script; "no. 12", "№ 12" and
// "#12" too.
std::optional<std::int64_t> parse_id(std::string_view text);

// The last component of what a client sent as a file's name, without control characters. At most 255
// characters: a longer one loses some before its ending. "file" when nothing is left that can be seen.
// invalid (field file_name) when it is not UTF-8.
base::result<std::string> clean_file_name(std::string_view name);

}  // namespace dossier::domain
