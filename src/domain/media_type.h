// Finds a file's media type from its first bytes, not from what the client says. It knows only the few types
// that are safe to show inside a page; any other file is application/octet-stream and is only downloaded.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace dossier::domain {

// How many of a file's first bytes detect_media_type() looks at.
inline constexpr std::size_t media_type_prefix = 512;

// image/png, image/jpeg, image/webp, image/gif, application/pdf, text/plain (UTF-8 without control characters
// and without a sign of markup) or application/octet-stream.
std::string_view detect_media_type(std::span<const std::byte> prefix);

bool is_picture(std::string_view media_type);
// Whether a browser may show the file inline: pictures, PDF and plain text.
bool is_safe_inline(std::string_view media_type);

}  // namespace dossier::domain
