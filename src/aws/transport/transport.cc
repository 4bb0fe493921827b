#include "aws/transport/transport.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <unistd.h>

#include "base/ascii.h"
#include "base/expects.h"

namespace dossier::aws {
namespace {

class text final : public body {
 public:
  explicit text(std::string bytes) : bytes_(std::move(bytes)) {}

  std::uint64_t size() const override { return bytes_.size(); }
  std::optional<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
    if (offset >= bytes_.size()) return 0;
    const std::size_t length = std::min<std::size_t>(into.size(), bytes_.size() - offset);
    std::memcpy(into.data(), bytes_.data() + offset, length);
    return length;
  }

 private:
  std::string bytes_;
};

class file final : public body {
 public:
  file(file_stretch stretch, std::shared_ptr<const void> owner)
      : stretch_(stretch), owner_(std::move(owner)) {}

  std::uint64_t size() const override { return stretch_.length; }
  std::optional<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
    if (offset >= stretch_.length) return 0;
    const std::size_t length = std::min<std::uint64_t>(into.size(), stretch_.length - offset);
    for (;;) {
      const auto count =
          ::pread(stretch_.descriptor, into.data(), length, static_cast<off_t>(stretch_.offset + offset));
      if (count > 0) return static_cast<std::size_t>(count);
      if (count == 0 || errno != EINTR) return std::nullopt;  // shorter than promised, or not readable
    }
  }

 private:
  file_stretch stretch_;
  std::shared_ptr<const void> owner_;
};

}  // namespace

body_ptr text_body(std::string bytes) {
  return std::make_shared<text>(std::move(bytes));
}

body_ptr file_body(file_stretch stretch, std::shared_ptr<const void> owner) {
  base::expects(stretch.descriptor >= 0, "the file is open");
  return std::make_shared<file>(stretch, std::move(owner));
}

const std::string* find_header(const headers& all, std::string_view name) {
  const auto found =
      std::ranges::find_if(all, [&](const header& each) { return base::ascii_equal(each.name, name); });
  return found == all.end() ? nullptr : &found->value;
}

}  // namespace dossier::aws
