#include "web/json_body.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/expects.h"
#include "base/text.h"
#include "domain/field.h"

namespace dossier::web {
namespace {

namespace json = boost::json;
using string_view = json::string_view;
using error_code = json::error_code;

constexpr std::size_t deepest = 8;
constexpr std::size_t longest_name_shown = 64;

// Boost.JSON's parser calls these functions while it reads; only the draft is built. An array or an object
// inside the top object is noted as a member of the wrong type.
class details_handler {
 public:
  static constexpr std::size_t max_object_size = 100;
  static constexpr std::size_t max_array_size = 1000;
  static constexpr std::size_t max_key_size = 4096;
  static constexpr std::size_t max_string_size = 1024 * 1024;

  parsed_details parsed;
  std::span<const std::string_view> read_only;
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
    if (is_read_only()) note_read_only();
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
    // 42.0 and 4.2e1 are whole numbers in JSON. 1.5 is not one, and the domain says so.
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
    base::expects(depth_ > 0, "what is closed was opened");
    --depth_;
    return true;
  }

  std::optional<std::string>* field() {
    const auto field = domain::find_detail(member_);
    return field ? &parsed.draft[*field] : nullptr;
  }

  bool is_number() const {
    const auto field = domain::find_detail(member_);
    return field && domain::detail_fields()[*field].kind == domain::field_kind::whole_number;
  }
  bool is_read_only() const { return std::ranges::find(read_only, member_) != read_only.end(); }
  void note_read_only() {
    if (std::ranges::find(parsed.read_only, member_) != parsed.read_only.end()) {
      refuse("Send this member once");
    } else {
      parsed.read_only.push_back(member_);
    }
  }

  bool take(std::string text) {
    auto* target = field();
    if (target == nullptr) return refuse_unknown();
    if (*target) return refuse("Send this member once");
    *target = std::move(text);
    return true;
  }
  bool take_number(std::string digits) {
    if (depth_ != 1) return true;
    return is_number() ? take(std::move(digits)) : refuse_type();
  }
  bool refuse_type() {
    if (depth_ != 1) return true;
    if (field() == nullptr) return refuse_unknown();
    return refuse(is_number() ? "Send a whole number" : "Send text, in quotes");
  }
  bool refuse_unknown() { return is_read_only() || refuse("There is no such member; leave it out"); }
  // One error for each member is enough, and limits how much is kept.
  bool refuse(std::string message) {
    std::string name = base::readable_text(member_.substr(0, longest_name_shown));
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

base::result<parsed_details> parse_details(std::string_view text,
                                           std::span<const std::string_view> read_only) {
  json::parse_options options;
  options.max_depth = deepest;
  json::basic_parser<details_handler> parser(options);
  parser.handler().read_only = read_only;
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

std::vector<std::string> members_that_differ(std::string_view sent, std::string_view current,
                                             std::span<const std::string> read_only) {
  const auto theirs = json::parse({sent.data(), sent.size()});
  const auto ours = json::parse({current.data(), current.size()});
  base::expects(theirs.is_object() && ours.is_object(), "both texts are JSON objects");
  std::vector<std::string> differ;
  for (const auto& member : read_only) {
    if (theirs.at(member) != ours.at(member)) differ.push_back(member);
  }
  return differ;
}

base::error all_errors(const parsed_details& parsed, bool creating) {
  base::error all{base::error_code::invalid, "Some details need another look.", parsed.wrong};
  const auto checked = domain::validate(parsed.draft);
  if (checked) return all;
  const auto was_sent = [&](std::string_view field) {
    const auto detail = domain::find_detail(field);
    return detail && parsed.draft[*detail];
  };
  for (const auto& each : checked.error().fields) {
    const bool said =
        std::ranges::any_of(parsed.wrong, [&](const auto& one) { return one.field == each.field; });
    if (!said && (creating || was_sent(each.field))) all.fields.push_back(each);
  }
  return all;
}

}  // namespace dossier::web
