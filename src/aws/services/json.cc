#include "aws/services/json.h"

#include <utility>

namespace dossier::aws {

bool parse_json(std::string_view text, boost::json::object& into) {
  boost::json::error_code problem;
  boost::json::parse_options options;
  options.max_depth = 32;
  auto document = boost::json::parse(text, problem, {}, options);
  auto* object = problem ? nullptr : document.if_object();
  if (object == nullptr) return false;
  into = std::move(*object);
  return true;
}

const boost::json::object* object_member(const boost::json::object& of, std::string_view name) {
  const auto* found = of.if_contains(name);
  return found != nullptr ? found->if_object() : nullptr;
}

const boost::json::array* array_member(const boost::json::object& of, std::string_view name) {
  const auto* found = of.if_contains(name);
  return found != nullptr ? found->if_array() : nullptr;
}

std::string text_member(const boost::json::object& of, std::string_view name) {
  const auto* found = of.if_contains(name);
  const auto* text = found != nullptr ? found->if_string() : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

}  // namespace dossier::aws
