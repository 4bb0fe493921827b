#include "base/expects.h"

#include <cstdlib>
#include <string_view>

#include "base/log.h"

namespace dossier::base {

void contract_broken(const char* what, std::source_location where) noexcept {
  std::string_view file = where.file_name();
  if (const auto at = file.rfind("/src/"); at != std::string_view::npos) file.remove_prefix(at + 1);
  log_last("a contract is broken", {{"contract", what}, {"file", file}, {"line", where.line()}});
  std::abort();
}

}  // namespace dossier::base
