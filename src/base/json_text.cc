#include "base/json_text.h"

#include <charconv>

#include "base/text.h"

namespace dossier::base {
namespace {

bool must_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"' || c == '\\';
}

void append_escaped(std::string& json, char c) {
  constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      json += "\\\"";
      break;
    case '\\':
      json += "\\\\";
      break;
    case '\n':
      json += "\\n";
      break;
    case '\t':
      json += "\\t";
      break;
    default:
      json += "\\u00";
      json += digits[(c >> 4) & 0xf];
      json += digits[c & 0xf];
  }
}

void append_valid(std::string& json, std::string_view text) {
  json += '"';
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!must_escape(text[i])) continue;
    json.append(text, start, i - start);
    append_escaped(json, text[i]);
    start = i + 1;
  }
  json.append(text, start);
  json += '"';
}

bool is_ascii(std::string_view text) {
  unsigned char bits = 0;
  for (const char c : text) bits |= static_cast<unsigned char>(c);
  return bits < 0x80;
}

}  // namespace

void append_json_string(std::string& json, std::string_view text) {
  if (is_ascii(text) || is_valid_utf8(text)) return append_valid(json, text);
  append_valid(json, readable_text(text));
}

void append_json_number(std::string& json, std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  json.append(digits, end);
}

}  // namespace dossier::base
