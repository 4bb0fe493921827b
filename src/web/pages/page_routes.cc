#include <iterator>
#include <utility>
#include <vector>

#include "web/pages/catalog_page.h"
#include "web/pages/delete_page.h"
#include "web/pages/directory_page.h"
#include "web/pages/edit_page.h"
#include "web/pages/employee_page.h"
#include "web/pages/record_page.h"
#include "web/pages/remove_file_page.h"
#include "web/pages/static_files.h"
#include "web/pages/submit_page.h"
#include "web/pages/submitted_page.h"
#include "web/site.h"

namespace dossier::web {

std::vector<route> page_routes(const context& ctx) {
  std::vector<route> all;
  for (auto& routes : {submit_routes(ctx), submitted_routes(ctx), employee_routes(ctx), directory_routes(ctx),
                       record_routes(ctx), edit_routes(ctx), delete_routes(ctx), remove_file_routes(ctx),
                       catalog_routes(ctx), static_routes()})
    all.insert(all.end(), routes.begin(), routes.end());
  return all;
}

}  // namespace dossier::web
