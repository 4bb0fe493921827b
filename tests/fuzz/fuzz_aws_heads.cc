// Heads of answers as the transport takes them: any lines are read or refused, within bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/transport/transfer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dossier::aws;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  answer_head head;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n') == text.npos ? text.size() : text.find('\n') + 1);
    text.remove_prefix(line.size());
    const auto after = head.take(line);
    if (after == answer_head::progress::too_large) return 0;
    const bool complete = after == answer_head::progress::complete;
    if (complete != head.complete()) std::abort();
    if (!complete) continue;
    if (head.status() < 200 || head.status() > 999) std::abort();
    for (const auto& each : head.take_headers()) {
      if (each.name.contains('\n') || each.value.contains('\n') || each.name.contains(':')) std::abort();
    }
    return 0;
  }
  return 0;
}
