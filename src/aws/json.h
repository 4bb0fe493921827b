// JSON as AWS answers it, within limits. Only for .cc files: it brings Boost.JSON.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace dossier::aws {

// An object, or nothing (an empty one would be an object too).
bool parse_json(std::string_view text, boost::json::object& into);

// Members by name; null, or empty, where they are absent or of another type.
const boost::json::object* object_member(const boost::json::object& of, std::string_view name);
const boost::json::array* array_member(const boost::json::object& of, std::string_view name);
std::string text_member(const boost::json::object& of, std::string_view name);

}  // namespace dossier::aws
