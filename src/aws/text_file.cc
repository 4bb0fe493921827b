#include "aws/text_file.h"

#include <fstream>
#include <utility>

namespace dossier::aws {
namespace {

constexpr std::streamsize largest = std::streamsize{1} << 20;

}  // namespace

std::optional<std::string> read_text_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(static_cast<std::size_t>(largest) + 1, '\0');
  file.read(text.data(), largest + 1);
  if (file.bad() || file.gcount() > largest) return std::nullopt;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::string expand_home(std::string path, const std::optional<std::string>& home) {
  if (home && path.starts_with("~/")) path.replace(0, 1, *home);
  return path;
}

}  // namespace dossier::aws
