// Bytes as text: hexadecimal, base64 with padding (RFC 4648, section 4), base64url without (section 5).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dossier::base {

std::string hex_encode(std::span<const std::byte> bytes);
// Fills all of `bytes`; false unless the text is exactly two hexadecimal digits for each byte.
bool hex_decode(std::string_view text, std::span<std::byte> bytes);

std::string base64_encode(std::span<const std::byte> bytes);
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace dossier::base
