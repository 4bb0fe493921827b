#include "web/json_body.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <boost/json/basic_parser_impl.hpp>

#include "web/readable_text.h"

namespace dossier::web {
namespace {

namespace json = boost::json;
using string_view = json::string_view;
using error_code = json::error_code;

constexpr std::size_t deepest = 8;
constexpr std::size_t longest_name_shown = 64;

// Boost.JSON's parser calls these as it reads; nothing is built but the draft. Anything below the top object
// only counts as a member of the wrong type.
class details_handler {
 public:
  static constexpr std::size_t max_object_size = 100;
  static constexpr std::size_t max_array_size = 1000;
  static constexpr std::size_t max_key_size = 4096;
  static constexpr std::size_t max_string_size = 1024 * 1024;

  parsed_details parsed;
  bool is_object = false;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code&) {
    if (depth_ == 0) is_object = true;
    return open();
  }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_begin(error_code&) { return open(); }
  bool on_array_end(std::size_t, error_code&) { return close(); }

  bool on_key_part(string_view part, std::size_t, error_code&) {
    if (depth_ == 1) key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(string_view part, std::size_t, error_code&) {
    if (depth_ != 1) return true;
    key_.append(part.data(), part.size());
    member_ = std::exchange(key_, {});
    return true;
  }

  bool on_string_part(string_view part, std::size_t, error_code&) {
    if (depth_ == 1) text_.append(part.data(), part.size());
    return true;
  }
  bool on_string(string_view part, std::size_t, error_code&) {
    if (depth_ != 1) return true;
    text_.append(part.data(), part.size());
    return take(std::exchange(text_, {}));
  }

  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, string_view, error_code&) { return take_number(std::to_string(number)); }
  bool on_uint64(std::uint64_t number, string_view, error_code&) {
    return take_number(std::to_string(number));
  }
  bool on_double(double number, string_view, error_code&) {
    // 42.0 and 4.2e1 are whole numbers to JSON. 1.5 is no age; saying so is the domain's part.
    constexpr double largest = 1e15;
    const bool whole = std::trunc(number) == number && std::abs(number) < largest;
    return take_number(whole ? std::to_string(static_cast<std::int64_t>(number)) : "not a whole number");
  }
  bool on_bool(bool, error_code&) { return refuse_type(); }
  bool on_null(error_code&) { return depth_ != 1 || take(""); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  bool open() {
    if (depth_ == 1) refuse_type();
    ++depth_;
    return true;
  }
  bool close() {
    --depth_;
    return true;
  }

  std::optional<std::string>* field() {
    if (member_ == "name") return &parsed.draft.name;
    if (member_ == "location") return &parsed.draft.location;
    if (member_ == "age") return &parsed.draft.age;
    if (member_ == "technology") return &parsed.draft.technology;
    return nullptr;
  }

  bool take(std::string text) {
    auto* target = field();
    if (target == nullptr) return refuse("There is no such member; leave it out");
    if (*target) return refuse("Send this member once");
    *target = std::move(text);
    return true;
  }
  bool take_number(std::string digits) {
    if (depth_ != 1) return true;
    return member_ == "age" ? take(std::move(digits)) : refuse_type();
  }
  bool refuse_type() {
    if (depth_ != 1) return true;
    if (field() == nullptr) return refuse("There is no such member; leave it out");
    return refuse(member_ == "age" ? "Send a whole number" : "Send text, in quotes");
  }
  // One error for each member is enough, and bounds what is kept.
  bool refuse(std::string message) {
    std::string name = readable_text(member_.substr(0, longest_name_shown));
    const bool said = std::ranges::any_of(parsed.wrong, [&](const auto& each) { return each.field == name; });
    if (!said) parsed.wrong.push_back({std::move(name), std::move(message)});
    return true;
  }

  std::size_t depth_ = 0;
  std::string key_;
  std::string member_;
  std::string text_;
};

bool is_white_space(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::unexpected<base::error> malformed(std::string message) {
  return base::fail(base::error_code::malformed, std::move(message));
}

}  // namespace

base::result<parsed_details> parse_details(std::string_view text) {
  json::parse_options options;
  options.max_depth = deepest;
  json::basic_parser<details_handler> parser(options);
  error_code failed;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failed);
  if (failed) {
    return malformed("The body is not valid JSON: " + failed.message() + ", after " + std::to_string(read) +
                     " bytes.");
  }
  if (!is_white_space(text.substr(read))) return malformed("The body holds more than one JSON value.");
  if (!parser.handler().is_object) return malformed("The body must be one JSON object.");
  return std::move(parser.handler().parsed);
}

base::error all_errors(const parsed_details& parsed, bool creating) {
  base::error all{base::error_code::invalid, "Some details need another look.", parsed.wrong};
  const auto checked = domain::validate(parsed.draft);
  if (checked) return all;
  const auto was_sent = [&](std::string_view field) {
    const auto& draft = parsed.draft;
    return (field == "name" && draft.name) || (field == "location" && draft.location) ||
           (field == "age" && draft.age) || (field == "technology" && draft.technology);
  };
  for (const auto& each : checked.error().fields) {
    const bool said =
        std::ranges::any_of(parsed.wrong, [&](const auto& one) { return one.field == each.field; });
    if (!said && (creating || was_sent(each.field))) all.fields.push_back(each);
  }
  return all;
}

}  // namespace dossier::web
