// RFC 4648 base64, with padding: how S3 wants checksums.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace dossier::aws {

std::string base64_encode(std::span<const std::byte> bytes);

}  // namespace dossier::aws
