#include "aws/transport/curl_library.h"

#include <stdexcept>

#include "base/shared_library.h"

namespace dossier::aws {
namespace {

base::result<curl_library> load() {
  auto library = base::shared_library::load("libcurl.so.4", "libcurl4");
  if (!library) return base::pass(library);
  curl_library all;
#define DOSSIER_FIND(name) library->find(#name, all.name);
  DOSSIER_CURL_FUNCTIONS(DOSSIER_FIND)
#undef DOSSIER_FIND
  if (auto complete = library->found_all(); !complete) return base::pass(complete);
  return all;
}

}  // namespace

const base::result<curl_library>& load_libcurl() {
  static const auto loaded = load();
  return loaded;
}

const curl_library& libcurl() {
  const auto& loaded = load_libcurl();
  if (!loaded) throw std::runtime_error(loaded.error().message);
  return *loaded;
}

}  // namespace dossier::aws
