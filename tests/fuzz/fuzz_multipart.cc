// Multipart forms: for any bytes, split in any way, the reader comes to an end, and what it reads does not
// depend on how they are split.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "fakes/run.h"
#include "http/multipart.h"

namespace {

using namespace dossier;

// Pieces of 1 to `step` bytes (0: one piece). Each has its own memory, so that a read past it is noticed.
class pieces final : public base::byte_source {
 public:
  pieces(std::string_view bytes, std::uint8_t step) : left_(bytes), step_(step) {}
  awaitable<base::result<base::byte_view>> next() override {
    std::size_t size = step_ == 0 ? left_.size() : std::min<std::size_t>(left_.size(), 1 + turn_++ % step_);
    piece_.assign(left_.begin(), left_.begin() + static_cast<std::ptrdiff_t>(size));
    piece_.shrink_to_fit();
    left_.remove_prefix(size);
    co_return std::as_bytes(std::span(piece_));
  }

 private:
  std::string_view left_;
  std::size_t step_, turn_ = 0;
  std::vector<char> piece_;
};

// All that was read from the form, then the error if there was one, as one text.
awaitable<std::string> read_form(base::byte_source& body) {
  http::multipart_reader form(body, "XyZ", {.header_bytes = 512, .parts = 8});
  std::string seen;
  for (;;) {
    auto part = co_await form.next_part();
    if (!part) co_return seen + "!" + part.error().message;
    if (!*part) co_return seen;
    seen += "{" + (*part)->name + "|" + (*part)->filename.value_or("-") + "|" + (*part)->content_type + "}";
    for (;;) {
      auto bytes = co_await form.content().next();
      if (!bytes) co_return seen + "!" + bytes.error().message;
      if (bytes->empty()) break;
      seen.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  pieces whole(bytes, 0), split(bytes, static_cast<std::uint8_t>(data[0] % 32 + 1));
  auto expected = fakes::run_sync(read_form(whole));
  auto seen = fakes::run_sync(read_form(split));
  if (seen != expected) std::abort();
  (void)http::boundary_of(bytes);
  return 0;
}
