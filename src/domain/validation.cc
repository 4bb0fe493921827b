#include "domain/validation.h"

#include <algorithm>
#include <array>
#include <expected>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "base/text_policy.h"

namespace dossier::domain {
namespace {

using base::error;
using base::error_code;
using base::field_error;

constexpr std::size_t longest_file_name = 255;  // characters

using field_errors = std::vector<field_error>;

bool has_line_separator(std::string_view text) {
  return text.find("\u2028") != std::string_view::npos || text.find("\u2029") != std::string_view::npos;
}

// Returns the trimmed text, or what to do if it is not one valid line.
std::expected<std::string, std::string> check_text(const field& which, std::string_view typed) {
  const auto refuse = [](std::string message) {
    return std::unexpected(std::move(message));
  };
  if (!base::is_valid_utf8(typed)) return refuse(fmt::format("Enter the {} as UTF-8 text", which.noun));
  const auto text = base::trim(typed);
  if (text.empty() && !which.required) return std::string();
  if (!base::shows_something(text)) return refuse(fmt::format("Enter {} {}", which.article, which.noun));
  if (base::has_control_characters(text) || has_line_separator(text)) {
    return refuse(fmt::format("Enter the {} on one line, without control characters", which.noun));
  }
  if (base::count_characters(text) > static_cast<std::size_t>(which.most)) {
    return refuse(fmt::format("Shorten the {} to {} characters or fewer", which.noun, which.most));
  }
  return std::string(text);
}

// Returns the number in decimal digits, or what to do if it is not valid.
std::expected<std::string, std::string> check_number(const field& which, std::string_view typed) {
  if (!which.required && base::is_valid_utf8(typed) && base::trim(typed).empty()) return std::string();
  const auto number = parse_number(typed, which.most);
  if (!number) return std::unexpected(enter_a_number(which) + ", as a whole number");
  return std::to_string(*number);
}

std::string check(const field& which, const std::optional<std::string>& typed, field_errors& errors) {
  const std::string_view text = typed ? std::string_view(*typed) : std::string_view();
  auto checked = which.kind == field_kind::whole_number ? check_number(which, text) : check_text(which, text);
  if (checked) return std::move(*checked);
  errors.push_back({std::string(which.name), std::move(checked.error())});
  return {};
}

base::result<details> answer(details checked, field_errors errors) {
  if (errors.empty()) return checked;
  return std::unexpected(error{error_code::invalid, "Some details need another look.", std::move(errors)});
}

// The ending that tells the kind of file, if it is short: ".jpeg", or ".tar.gz", which has two parts.
std::string_view ending_of(std::string_view name) {
  constexpr std::size_t longest = 32;  // bytes
  const auto last = name.rfind('.');
  if (last == std::string_view::npos || last == 0 || name.size() - last > longest) return {};
  const auto before = name.rfind('.', last - 1);
  if (before == std::string_view::npos || before == 0 || name.size() - before > longest)
    return name.substr(last);
  const auto inner = name.substr(before + 1, last - before - 1);
  return name.substr(inner == "tar" ? before : last);
}

std::string shortened(std::string_view name) {
  if (base::count_characters(name) <= longest_file_name) return std::string(name);
  const auto ending = ending_of(name);
  name.remove_suffix(ending.size());
  const auto stem = base::first_characters(name, longest_file_name - base::count_characters(ending));
  return std::string(base::trim(stem)).append(ending);
}

}  // namespace

base::result<details> validate(const details_draft& draft) {
  field_errors errors;
  details checked;
  for (std::size_t i = 0; i < draft.size(); ++i) checked[i] = check(detail_fields()[i], draft[i], errors);
  return answer(std::move(checked), std::move(errors));
}

base::result<details> validate_change(const details& current, const details_draft& draft) {
  field_errors errors;
  details checked = current;
  for (std::size_t i = 0; i < draft.size(); ++i) {
    if (draft[i]) checked[i] = check(detail_fields()[i], draft[i], errors);
  }
  return answer(std::move(checked), std::move(errors));
}

std::optional<std::int64_t> parse_number(std::string_view text, std::int64_t most) {
  base::expects(most >= 0, "the largest number is not negative");
  const auto value = base::parse_whole(text);
  if (!value || *value < 0 || *value > most) return std::nullopt;
  return value;
}

std::string enter_a_number(const field& which) {
  base::expects(which.kind == field_kind::whole_number, "the field is a number");
  return fmt::format("Enter {} {} between 0 and {}", which.article, which.noun, which.most);
}

std::optional<std::int64_t> parse_id(std::string_view text) {
  constexpr std::size_t longest = 256;  // bytes
  constexpr auto signs = std::to_array<std::string_view>({"", "#", "no", "no.", "nr", "nr.", "n°", "number"});
  if (text.size() > longest || !base::is_valid_utf8(text)) return std::nullopt;
  const std::string plain = base::with_plain_digits(text);
  const auto first_digit = std::min(plain.find_first_of("0123456789"), plain.size());
  if (std::ranges::find(signs, base::fold(plain.substr(0, first_digit))) == signs.end()) return std::nullopt;
  const auto digits = base::trim(std::string_view(plain).substr(first_digit));
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto value = base::parse_whole(digits);
  if (!value || *value < 1) return std::nullopt;
  return value;
}

base::result<std::string> clean_file_name(std::string_view name) {
  if (!base::is_valid_utf8(name)) {
    return std::unexpected(error{error_code::invalid,
                                 "A file's name is not readable text.",
                                 {{"file_name", "Rename the file with plain letters and choose it again"}}});
  }
  // Browsers send no folders; others may, with either kind of slash.
  const auto slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string clean;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    const bool c1 = byte == 0xc2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xa0;
    if (c1) ++i;
    if (c1 || byte < 0x20 || byte == 0x7f) continue;
    if (has_line_separator(name.substr(i, 3))) {
      i += 2;
      continue;
    }
    clean += name[i];
  }
  clean = shortened(base::trim(clean));
  if (!base::shows_something(clean) || clean == "." || clean == "..") return std::string("file");
  return clean;
}

}  // namespace dossier::domain
