#include "web/disposition.h"

#include "http/query.h"
#include "web/readable_text.h"

namespace dossier::web {
namespace {

// One _ for each character that is not plain ASCII or means something inside quotes. Some clients decode %XX
// in here too, so % goes as well.
std::string ascii_fallback(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continuation = (byte & 0xc0) == 0x80;
    if (continuation) continue;
    const bool harmless = byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\' && c != '%' && c != '/';
    plain += harmless ? c : '_';
  }
  return plain;
}

}  // namespace

std::string content_disposition(bool attachment, std::string_view file_name) {
  const auto name = plain_file_name(file_name);
  std::string header = attachment ? "attachment" : "inline";
  header += "; filename=\"" + ascii_fallback(name) + "\"; filename*=UTF-8''" + http::percent_encode(name);
  return header;
}

}  // namespace dossier::web
