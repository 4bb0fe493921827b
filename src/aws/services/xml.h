// XML as S3 and STS answer it, within limits. Only for .cc files: it brings pugixml.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace dossier::aws {

// True when the text is XML of a sane size and depth. Namespaces are ignored: AWS's answers have only one.
bool parse_xml(std::string_view text, pugi::xml_document& into);

// The text of a child; empty when there is none.
inline std::string xml_text(const pugi::xml_node& parent, const char* child) {
  return parent.child(child).text().get();
}
// A whole number, not negative.
std::optional<std::uint64_t> to_number(std::string_view text);

}  // namespace dossier::aws
