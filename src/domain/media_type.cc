#include "domain/media_type.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string>

#include "base/ascii.h"
#include "base/text.h"

namespace dossier::domain {
namespace {

constexpr std::string_view unknown = "application/octet-stream";

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Leaves out up to three bytes at the end, if the prefix ends inside a character.
std::string_view whole_characters(std::string_view text) {
  std::size_t cut = 0;
  while (cut < 3 && cut < text.size()) {
    const auto byte = static_cast<unsigned char>(text[text.size() - 1 - cut]);
    if (byte < 0x80) return text;
    ++cut;
    if (byte > 0xf4) return text;  // never in UTF-8
    if (byte >= 0xc0) {
      const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return cut < length ? text.substr(0, text.size() - cut) : text;
    }
  }
  return text;
}

// Whether browsers may take the text for HTML, SVG or XML: it begins with '<', perhaps after white space, or
// contains a tag that they look for. Plain text with a lone '<' in it stays text.
bool looks_like_markup(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n\f");
  if (first != std::string_view::npos && text[first] == '<') return true;
  const std::string lower = base::ascii_lower(text);
  constexpr std::array<std::string_view, 8> signs = {"<script", "<html", "<svg",      "<body",
                                                     "<iframe", "<?xml", "<!doctype", "<img"};
  return std::ranges::any_of(signs,
                             [&](std::string_view sign) { return lower.find(sign) != std::string::npos; });
}

// Some programs write a byte order mark or line ends before the header, and readers accept that.
bool is_pdf(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto first = text.find_first_not_of(" \t\r\n\f");
  return first != std::string_view::npos && text.substr(first).starts_with("%PDF-");
}

bool is_plain_text(std::string_view text, bool cut) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (cut) text = whole_characters(text);
  const bool clean = std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f');
  });
  return !text.empty() && clean && base::is_valid_utf8(text) && !looks_like_markup(text);
}

}  // namespace

std::string_view detect_media_type(std::span<const std::byte> prefix) {
  const std::string_view text = as_text(prefix);
  if (text.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
  if (text.starts_with("\xff\xd8\xff")) return "image/jpeg";
  if (text.starts_with("GIF87a") || text.starts_with("GIF89a")) return "image/gif";
  if (text.size() >= 16 && text.starts_with("RIFF") && text.substr(8, 7) == "WEBPVP8") return "image/webp";
  if (is_pdf(text)) return "application/pdf";
  return is_plain_text(text, prefix.size() >= media_type_prefix) ? "text/plain" : unknown;
}

bool is_picture(std::string_view media_type) {
  return media_type.starts_with("image/");
}

bool is_safe_inline(std::string_view media_type) {
  return is_picture(media_type) || media_type == "application/pdf" || media_type == "text/plain";
}

}  // namespace dossier::domain
