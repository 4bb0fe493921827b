// Bytes as text: hexadecimal, and base64url without padding (RFC 4648, section 5).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dossier::base {

std::string hex_encode(std::span<const std::byte> bytes);
// Fills `bytes` exactly; false when the text is not 2 × its size of hexadecimal digits.
bool hex_decode(std::string_view text, std::span<std::byte> bytes);

std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace dossier::base
