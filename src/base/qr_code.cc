#include "base/qr_code.h"

#include <memory>

#include <fmt/format.h>
#include <qrencode.h>

#include "base/expects.h"

namespace dossier::base {
namespace {

constexpr int margin = 4;
constexpr std::size_t longest = 1'000;

}  // namespace

qr_code make_qr_code(std::string_view text) {
  expects(!text.empty() && text.size() <= longest && !text.contains('\0'), "a QR code has room for the text");
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
  expects(code != nullptr, "a short text fits into a QR code");
  qr_code out{.size = code->width + 2 * margin, .path = {}};
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width;) {
      const auto is_dark = [&](int at) {
        return at < code->width && (code->data[y * code->width + at] & 1) != 0;
      };
      int run = 0;
      while (is_dark(x + run)) ++run;
      if (run > 0) out.path += fmt::format("M{} {}h{}v1h-{}z", x + margin, y + margin, run, run);
      x += run > 0 ? run : 1;
    }
  }
  return out;
}

}  // namespace dossier::base
