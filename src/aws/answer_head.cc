#include "aws/answer_head.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "aws/ascii.h"

namespace dossier::aws {
namespace {

constexpr std::size_t longest_head = std::size_t{64} << 10;

}  // namespace

answer_head::progress answer_head::take(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > longest_head) return progress::too_large;
  const auto text = ascii_trim(line);
  if (text.starts_with("HTTP/")) {
    headers_.clear();
    const auto digits = text.substr(std::min(text.find(' '), text.size() - 1) + 1, 3);
    status_ = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), status_);
  } else if (text.empty()) {
    complete_ = status_ >= 200;
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    headers_.push_back({std::string(text.substr(0, colon)), std::string(ascii_trim(text.substr(colon + 1)))});
  }
  return complete_ ? progress::complete : progress::goes_on;
}

}  // namespace dossier::aws
