#include "http/part_headers.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/text.h"
#include "http/message.h"
#include "http/url.h"

namespace dossier::http {
namespace {

using base::error_code;

// Takes the rest of a quoted string, after its opening quote, up to and including its closing quote. Only \"
// and \\ are escapes, because old browsers send C:\photo.png unchanged.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    bool escape = c == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    if (escape) c = text[++i];
    out.push_back(c);
  }
  return std::nullopt;
}

// Undoes what browsers escape in names, and nothing else (WHATWG HTML, multipart/form-data encoding).
std::string undo_browser_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto escape = text.substr(i, 3);
    if (escape == "%22") {
      out.push_back('"');
    } else if (escape == "%0D" || escape == "%0d") {
      out.push_back('\r');
    } else if (escape == "%0A" || escape == "%0a") {
      out.push_back('\n');
    } else {
      out.push_back(text[i]);
      continue;
    }
    i += 2;
  }
  return out;
}

std::string from_latin_1(std::string_view text) {
  std::string out;
  for (char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x80) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xc0 | code >> 6));
      out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
    }
  }
  return out;
}

// Reads UTF-8''na%C3%AFve.txt (RFC 8187), and also ISO-8859-1, which the older RFC 5987 allowed. Empty for
// other character sets.
std::optional<std::string> decode_extended(std::string_view text) {
  std::size_t first = text.find('\'');
  std::size_t second = first == std::string_view::npos ? first : text.find('\'', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  auto decoded = percent_decode(text.substr(second + 1), false);
  if (!decoded) return std::nullopt;
  const auto charset = text.substr(0, first);
  if (base::ascii_equal(charset, "iso-8859-1")) return from_latin_1(*decoded);
  if (!base::ascii_equal(charset, "utf-8") || !base::is_valid_utf8(*decoded)) return std::nullopt;
  return decoded;
}

// filename, filename*, and the pieces of a long name as in RFC 2231: filename*0, filename*1*, …
bool is_some_file_name(std::string_view parameter) {
  return parameter == "filename" || parameter.starts_with("filename*");
}

std::unexpected<base::error> malformed(std::string message) {
  return base::fail(error_code::malformed, std::move(message));
}

base::result<part> read_disposition(std::string_view value) {
  auto disposition = parse_header_parameters(value);
  if (!disposition || disposition->word != "form-data") {
    return malformed("A part of the form has no valid Content-Disposition.");
  }
  const std::string* name = disposition->find("name");
  if (!name) return malformed("A part of the form has no name.");
  part made;
  made.name = undo_browser_escapes(*name);
  if (const std::string* plain = disposition->find("filename")) made.filename = undo_browser_escapes(*plain);
  if (const std::string* extended = disposition->find("filename*")) {
    if (auto decoded = decode_extended(*extended)) made.filename = std::move(*decoded);
  }
  made.filename_unreadable =
      !made.filename && std::ranges::any_of(disposition->parameters,
                                            [](const auto& one) { return is_some_file_name(one.first); });
  return made;
}

bool is_identity(std::string_view encoding) {
  return base::ascii_equal(encoding, "binary") || base::ascii_equal(encoding, "8bit") ||
         base::ascii_equal(encoding, "7bit");
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    auto code = static_cast<unsigned char>(c);
    return (code < 0x20 && c != '\t') || code == 0x7f;
  });
}

}  // namespace

const std::string* header_parameters::find(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::optional<header_parameters> parse_header_parameters(std::string_view value) {
  header_parameters parsed;
  std::size_t semicolon = std::min(value.find(';'), value.size());
  parsed.word = base::ascii_lower(base::trim_blanks(value.substr(0, semicolon)));
  value.remove_prefix(semicolon);
  while (!value.empty()) {
    value.remove_prefix(1);  // the semicolon
    value = base::trim_blanks(value);
    if (value.empty()) break;
    if (value.front() == ';') continue;
    std::size_t equals = value.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string name = base::ascii_lower(base::trim_blanks(value.substr(0, equals)));
    value = base::trim_blanks(value.substr(equals + 1));
    if (!is_token(name) || parsed.find(name)) return std::nullopt;
    std::string text;
    if (value.starts_with('"')) {
      value.remove_prefix(1);
      auto quoted = take_quoted(value);
      if (!quoted) return std::nullopt;
      text = std::move(*quoted);
      value = base::trim_blanks(value);
      if (!value.empty() && value.front() != ';') return std::nullopt;
    } else {
      std::size_t end = std::min(value.find(';'), value.size());
      text = base::trim_blanks(value.substr(0, end));
      value.remove_prefix(end);
    }
    parsed.parameters.emplace_back(std::move(name), std::move(text));
  }
  return parsed;
}

base::result<part> parse_part_headers(std::string_view lines) {
  std::optional<part> made;
  std::optional<std::string> content_type;
  while (!lines.empty()) {
    std::size_t end = lines.find("\r\n");
    if (end == std::string_view::npos) return malformed("A header of a part of the form is malformed.");
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 2);
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) || has_control(line)) {
      return malformed("A header of a part of the form is malformed.");
    }
    std::string_view name = line.substr(0, colon);
    std::string_view value = base::trim_blanks(line.substr(colon + 1));
    if (base::ascii_equal(name, "content-disposition")) {
      if (made) return malformed("A part of the form has Content-Disposition twice.");
      auto read = read_disposition(value);
      if (!read) return read;
      made = std::move(*read);
    } else if (base::ascii_equal(name, "content-type")) {
      if (content_type) return malformed("A part of the form has Content-Type twice.");
      content_type = value;
    } else if (base::ascii_equal(name, "content-transfer-encoding") && !is_identity(value)) {
      return malformed("A part of the form is encoded; send its bytes as they are.");
    }
  }
  if (!made) return malformed("A part of the form has no Content-Disposition.");
  made->content_type = std::move(content_type).value_or("");
  return std::move(*made);
}

}  // namespace dossier::http
