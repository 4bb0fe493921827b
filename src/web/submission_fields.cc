#include "web/submission_fields.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/expects.h"
#include "base/text.h"
#include "domain/field.h"

namespace dossier::web {
namespace {

constexpr std::size_t longest_name_shown = 64;
constexpr std::size_t most_errors = 50;

bool is_valid_key(std::string_view key) {
  return !key.empty() && key.size() <= 255 &&
         std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f; });
}

constexpr std::string_view key_rule = "Send 1 to 255 visible ASCII characters";

bool is_for_files(std::string_view name) {
  const auto rows = domain::field_rows();
  const auto found = std::ranges::find(rows, name, &domain::field::name);
  return found != rows.end() && found->kind == domain::field_kind::file;
}

// The name in the spelling of Dossier: "File-Name[]" becomes file_name. Some frameworks and people write it
// differently.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (char c : name.substr(0, name.find('['))) {
    if (c == ' ' || c == '\t') continue;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    plain.push_back(c == '-' ? '_' : c);
  }
  return plain;
}

// The field whose name is nearly this name, and which was probably meant; empty if there is none.
std::string_view meant_by(std::string_view name) {
  constexpr std::array<std::string_view, 6> for_files = {"file",      "files",      "filename",
                                                         "filenames", "file_names", "photos"};
  const auto plain = plain_name(name);
  if (std::ranges::find(for_files, plain) != for_files.end()) return "file_name";
  if (plain == "idempotency_key") return "idempotency_key";
  const auto rows = domain::field_rows();
  const auto found = std::ranges::find(rows, plain, &domain::field::name);
  return found == rows.end() ? std::string_view() : found->name;
}

bool is_text(std::string_view content_type) {
  return content_type.empty() || plain_name(content_type.substr(0, content_type.find(';'))) == "text/plain";
}

bool says(const std::vector<base::field_error>& wrong, std::string_view field) {
  return std::ranges::find(wrong, field, &base::field_error::field) != wrong.end();
}

}  // namespace

void submission_fields::take_key_header(std::string_view sent) {
  base::expects(!key_from_header_ && key.empty(), "the header is taken once, before the fields");
  key_from_header_ = true;
  if (is_valid_key(sent)) {
    key = sent;
  } else {
    refuse("Idempotency-Key", std::string(key_rule));
  }
}

void submission_fields::take(std::string_view name, std::string value, bool files_began) {
  if (name == "idempotency_key") return take_key(std::move(value), files_began);
  auto* target = detail(name);
  if (target == nullptr) return take_unknown(name, value.empty());
  if (!*target) {
    *target = std::move(value);
  } else if (from_ == sender::program) {
    refuse(name, "Send this field once");
  }
}

void submission_fields::take_from_text(std::string_view name, std::string value) {
  if (!is_for_files(name)) return take(name, std::move(value), false);
  // An empty value: no file was chosen.
  if (!value.empty())
    refuse(name, "Send the form as multipart/form-data; like this a file's name arrives without its bytes");
}

bool submission_fields::refuse_nameless(std::string_view name, std::string_view content_type) {
  if (is_for_files(name)) {
    refuse(name, "Send this file with its name (filename=\"…\"); as a text field it would not be kept");
    return true;
  }
  if (is_text(content_type) || detail(name) != nullptr || name == "idempotency_key") return false;
  refuse(name, "Send files in the field file_name, each with its name");
  return true;
}

void submission_fields::refuse_unreadable_name(std::string_view name) {
  refuse(name,
         "Send the file's name as filename=\"…\", or in UTF-8 as filename*; like this it cannot be read");
}

bool submission_fields::accept_file(std::string_view name) {
  if (is_for_files(name)) return true;
  refuse(name, "Send files in the field file_name");
  return false;
}

void submission_fields::pass_over_file(std::string_view name) {
  if (!is_for_files(name)) take_unknown(name, true);
}

base::error submission_fields::problem(bool all_fields_came) const {
  base::error all{base::error_code::invalid, "Some details need another look.", wrong_};
  if (!details_ || !all_fields_came) return all;
  const auto checked = domain::validate(draft);
  if (checked) return all;
  for (const auto& each : checked.error().fields) {
    if (!says(wrong_, each.field)) all.fields.push_back(each);
  }
  return all;
}

std::optional<std::string>* submission_fields::detail(std::string_view name) {
  const auto field = domain::find_detail(name);
  return details_ && field ? &draft[*field] : nullptr;
}

void submission_fields::take_key(std::string value, bool files_began) {
  if (key_from_header_ || value.empty()) return;
  if (!key.empty()) {
    if (from_ == sender::program) refuse("idempotency_key", "Send this field once");
    return;
  }
  // The files before it were stored without the key. If it were ignored, sending the form again would make a
  // second record.
  if (files_began) return refuse("idempotency_key", "Send this field before the files");
  if (!is_valid_key(value)) return refuse("idempotency_key", std::string(key_rule));
  key = std::move(value);
}

void submission_fields::take_unknown(std::string_view name, bool empty) {
  if (from_ == sender::page) {
    const auto meant = meant_by(name);
    if (empty || meant.empty() || meant == name) return;
    return refuse(name, "Send this in the field " + std::string(meant));
  }
  refuse(name, details_ || meant_by(name) != name ? "There is no such field; leave it out"
                                                  : "Only files are added here; leave this out");
}

// One error for each field is enough, and limits how much is kept.
void submission_fields::refuse(std::string_view name, std::string message) {
  auto shown =
      name.empty() ? std::string("(no name)") : base::readable_text(name.substr(0, longest_name_shown));
  if (!says(wrong_, shown) && wrong_.size() < most_errors)
    wrong_.push_back({std::move(shown), std::move(message)});
}

}  // namespace dossier::web
