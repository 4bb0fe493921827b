// Range, If-* and dates: every planned range lies inside the content. The input's lines are header values.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "http/conditional.h"
#include "http/message.h"

namespace {

using namespace dossier;

class fuzzed_request final : public http::request {
 public:
  explicit fuzzed_request(std::string_view lines) {
    method = "GET";
    for (auto name :
         {"range", "if-range", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since"}) {
      auto end = std::min(lines.find('\n'), lines.size());
      if (end > 0) headers_[name] = lines.substr(0, end);
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
  }
  std::optional<std::string_view> header(std::string_view name) const override {
    auto found = headers_.find(name);
    if (found == headers_.end()) return std::nullopt;
    return found->second;
  }
  base::byte_source& body() override { std::abort(); }

 private:
  std::map<std::string_view, std::string_view> headers_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzzed_request request(text);
  for (std::uint64_t length : {0UL, 1UL, 1000UL, ~0UL >> 1}) {
    auto plan =
        http::plan_content(request, "\"tag\"", base::time_point(std::chrono::seconds(784111777)), length);
    if (plan.offset > length || plan.length > length - plan.offset) std::abort();
    bool partial = plan.what == http::content_plan::kind::partial;
    if (partial && plan.length == 0) std::abort();
    (void)http::content_range(plan, length);
  }
  return 0;
}
