// Reads XML in the answers of S3 and STS, within limits. Include it only in .cc files, because it includes
// pugixml.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace dossier::aws {

// True when the text is XML, and neither too large nor too deep. Namespaces are ignored: AWS's answers have
// only one.
bool parse_xml(std::string_view text, pugi::xml_document& into);

// The text of a child; empty when there is none.
inline std::string xml_text(const pugi::xml_node& parent, const char* child) {
  return parent.child(child).text().get();
}
// A whole number without a sign; empty when the text is anything else.
std::optional<std::uint64_t> to_number(std::string_view text);

}  // namespace dossier::aws
