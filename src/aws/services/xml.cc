#include "aws/services/xml.h"

#include <algorithm>
#include <charconv>

namespace dossier::aws {
namespace {

constexpr std::ptrdiff_t most_tags = 100'000;  // a list of 1000 entries has about 20 000
constexpr int deepest = 32;

struct depth_check final : pugi::xml_tree_walker {
  bool for_each(pugi::xml_node&) override { return depth() < deepest; }
};

}  // namespace

bool parse_xml(std::string_view text, pugi::xml_document& into) {
  if (std::ranges::count(text, '<') > most_tags) return false;
  // A text cannot define entities: pugixml knows only XML's own five, and skips document types.
  const auto parsed = into.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  depth_check depth;
  return parsed && into.traverse(depth);
}

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace dossier::aws
