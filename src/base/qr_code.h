// A text as a picture that phones read (QR code), by libqrencode.
#pragma once

#include <string>
#include <string_view>

namespace dossier::base {

// The dark squares of a QR code as the path of an SVG, in a square of `size` units with a margin of four.
struct qr_code {
  int size = 0;
  std::string path;  // "M4 4h7v1h-7z…"
};

// The text has at most 1,000 bytes.
qr_code make_qr_code(std::string_view text);

}  // namespace dossier::base
