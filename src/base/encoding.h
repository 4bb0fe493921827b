// Bytes as text: hexadecimal, base64 with padding (RFC 4648, section 4), base64url without padding (section
// 5).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dossier::base {

std::string hex_encode(std::span<const std::byte> bytes);
// Fills all of `bytes`. False when the text is not exactly two hexadecimal digits for each byte.
bool hex_decode(std::string_view text, std::span<std::byte> bytes);

std::string base64_encode(std::span<const std::byte> bytes);
std::string base64url_encode(std::string_view bytes);
// Empty when the text is not valid base64url without padding.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace dossier::base
