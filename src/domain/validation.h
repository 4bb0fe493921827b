// The rules for what people type. All errors are returned together, each with its field and what to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expects.h"
#include "base/result.h"
#include "domain/field.h"
#include "domain/values.h"

namespace dossier::domain {

// Details as they were typed, one for each of detail_fields(). An empty one was not sent.
class details_draft {
 public:
  details_draft() : typed_(detail_fields().size()) {}

  const std::optional<std::string>& operator[](std::size_t field) const {
    base::expects(field < typed_.size(), "a detail is one of those in the table of fields");
    return typed_[field];
  }
  std::optional<std::string>& operator[](std::size_t field) {
    base::expects(field < typed_.size(), "a detail is one of those in the table of fields");
    return typed_[field];
  }
  std::size_t size() const { return typed_.size(); }

 private:
  std::vector<std::optional<std::string>> typed_;
};

// Trims and checks the draft. Returns the details, or `invalid` with a field_error for each wrong field.
base::result<details> validate(const details_draft& draft);

// For an edit: returns `current`, changed by the fields that the draft has. These are checked in the same
// way.
base::result<details> validate_change(const details& current, const details_draft& draft);

// A whole number from 0 to `most`, in the digits of any script; "42.0" counts as 42. Empty if the text is not
// one.
std::optional<std::int64_t> parse_number(std::string_view text, std::int64_t most);

// "Enter an age between 0 and 150"
std::string enter_a_number(const field& which);

// An id as people type it: a whole number from 1, at most 18 digits, of any script; "no. 12", "№ 12" and
// "#12" too.
std::optional<std::int64_t> parse_id(std::string_view text);

// The last component of the file name that a client sent, without control characters. A name of more than 255
// characters loses some before its ending. "file" if nothing visible is left. invalid (field file_name): the
// name is not UTF-8.
base::result<std::string> clean_file_name(std::string_view name);

}  // namespace dossier::domain
