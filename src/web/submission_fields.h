// The fields of a submission as they come in, one after the other: what each is for, and what is wrong with
// those that cannot be kept. Nobody shall believe that something was kept that was not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/validation.h"

namespace dossier::web {

// Whoever sends it. A program is told of every field that is unknown or comes twice, as JSON is; with a
// page's form come the names of buttons and what else browsers add, which counts for nothing.
enum class sender { page, program };

class submission_fields {
 public:
  // `details`: those of a new person are among the fields.
  submission_fields(sender from, bool details) : from_(from), details_(details) {}

  // The Idempotency-Key header; it wins over the field.
  void take_key_header(std::string_view key);
  // A field of a form. `files_began`: a file came before it.
  void take(std::string_view name, std::string value, bool files_began);
  // The same of a form that is text alone.
  void take_from_text(std::string_view name, std::string value);
  // A part of a form that has bytes but no name for them. False: it is a text field.
  bool refuse_nameless(std::string_view name, std::string_view content_type);
  void refuse_unreadable_name(std::string_view name);
  // A file under this name. False: no, and that was noted.
  bool accept_file(std::string_view name);
  // A file input in which nothing was chosen.
  void pass_over_file(std::string_view name);

  bool all_well() const { return wrong_.empty(); }
  // All that is wrong, also with the details where that can be said already.
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
