// Files by author, read from the metadata catalog: GET /catalog?author=.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/catalog.h"
#include "web/context.h"
#include "web/pages/page.h"

namespace dossier::web {

struct catalog_view {
  std::string author;  // empty: no author was asked for
  domain::catalog_page files;
  bool first_page = true;
  base::time_point now;
};

std::string render_catalog_page(const page_frame& frame, const catalog_view& shown);

}  // namespace dossier::web
