// Collects the fields of a submission as they come in, and notes an error for each one that cannot be kept:
// no client should believe that something was stored when it was not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/validation.h"

namespace dossier::web {

// Who sends the form. For a program, every field that is unknown or comes twice is an error, as with JSON. A
// page's form also has the names of buttons and other things that browsers add; these are ignored.
enum class sender { page, program };

class submission_fields {
 public:
  // `details`: the fields include the details of a new person.
  submission_fields(sender from, bool details) : from_(from), details_(details) {}

  // The Idempotency-Key header; it wins over the field.
  void take_key_header(std::string_view key);
  // A field of a form. `files_began`: a file came before it.
  void take(std::string_view name, std::string value, bool files_began);
  // The same, in a form that can hold only text (urlencoded).
  void take_from_text(std::string_view name, std::string value);
  // A part of a form without a file name. True: it was meant as a file, and is refused. False: it is a text
  // field.
  bool refuse_nameless(std::string_view name, std::string_view content_type);
  void refuse_unreadable_name(std::string_view name);
  // Whether a file may come in the field of this name. If not, that is noted.
  bool accept_file(std::string_view name);
  // A file input in which no file was chosen.
  void pass_over_file(std::string_view name);

  bool all_well() const { return wrong_.empty(); }
  // All that is wrong. Once all fields came, that includes what is wrong with the details.
  base::error problem(bool all_fields_came) const;

  domain::details_draft draft;
  std::string key;

 private:
  std::optional<std::string>* detail(std::string_view name);
  void take_key(std::string value, bool files_began);
  void take_unknown(std::string_view name, bool empty);
  void refuse(std::string_view name, std::string message);

  sender from_;
  bool details_;
  bool key_from_header_ = false;
  std::vector<base::field_error> wrong_;
};

}  // namespace dossier::web
