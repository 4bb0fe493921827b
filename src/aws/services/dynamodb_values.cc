#include "aws/services/dynamodb_values.h"

#include <charconv>
#include <utility>

#include "aws/services/json.h"

namespace dossier::aws::dynamodb {
namespace {

struct to_typed {
  boost::json::object operator()(const std::string& text) const { return {{"S", text}}; }
  boost::json::object operator()(const number& of) const { return {{"N", of.digits}}; }
  boost::json::object operator()(bool yes) const { return {{"BOOL", yes}}; }
  boost::json::object operator()(null) const { return {{"NULL", true}}; }
};

std::optional<value> value_from(const boost::json::object& typed) {
  if (typed.size() != 1) return std::nullopt;
  const auto& [type, given] = *typed.begin();
  if (type == "NULL") return null{};
  if (type == "BOOL" && given.is_bool()) return given.get_bool();
  const auto* text = given.if_string();
  if (text == nullptr) return std::nullopt;
  if (type == "S") return std::string(*text);
  if (type == "N") return number{std::string(*text)};
  return std::nullopt;
}

}  // namespace

boost::json::object to_json_object(const item& what) {
  boost::json::object written;
  for (const auto& [name, each] : what) written[name] = std::visit(to_typed{}, each);
  return written;
}

item item_from(const boost::json::object& written) {
  item what;
  for (const auto& [name, typed] : written) {
    const auto* object = typed.if_object();
    auto each = object != nullptr ? value_from(*object) : std::nullopt;
    if (each) what.emplace(std::string(name), std::move(*each));
  }
  return what;
}

const std::string* find_text(const item& of, std::string_view name) {
  const auto found = of.find(name);
  return found == of.end() ? nullptr : std::get_if<std::string>(&found->second);
}

std::optional<std::int64_t> find_integer(const item& of, std::string_view name) {
  const auto found = of.find(name);
  const auto* given = found == of.end() ? nullptr : std::get_if<number>(&found->second);
  if (given == nullptr) return std::nullopt;
  std::int64_t whole = 0;
  const auto* end = given->digits.data() + given->digits.size();
  const auto [stopped, problem] = std::from_chars(given->digits.data(), end, whole);
  if (problem != std::errc{} || stopped != end) return std::nullopt;
  return whole;
}

std::string to_json(const item& what) {
  return boost::json::serialize(to_json_object(what));
}

std::optional<item> item_from_json(std::string_view text) {
  boost::json::object written;
  if (!parse_json(text, written)) return std::nullopt;
  auto what = item_from(written);
  if (what.size() != written.size()) return std::nullopt;
  return what;
}

}  // namespace dossier::aws::dynamodb
