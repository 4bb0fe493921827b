#include "stores/sql/mysql/mysql_library.h"

#include "base/result.h"
#include "base/shared_library.h"
#include "stores/sql/connection.h"

namespace dossier::stores::sql {
namespace {

base::result<mysql_library> load() {
  auto library = base::shared_library::load("libmariadb.so.3", "libmariadb3");
  if (!library) return base::pass(library);
  mysql_library all;
#define DOSSIER_FIND(name) library->find(#name, all.name);
  DOSSIER_MYSQL_FUNCTIONS(DOSSIER_FIND)
#undef DOSSIER_FIND
  if (auto complete = library->found_all(); !complete) return base::pass(complete);
  all.mysql_server_init(0, nullptr, nullptr);  // not safe in two threads at once; here there is one
  return all;
}

}  // namespace

const mysql_library& libmariadb() {
  static const auto loaded = load();
  if (!loaded) {
    throw failure(loaded.error().code, "The records cannot be reached. The log says why.",
                  loaded.error().message);
  }
  return *loaded;
}

}  // namespace dossier::stores::sql
