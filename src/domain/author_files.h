// An author's files from the catalog, where one author may be spelled in several ways: "Anna Berg" and "ANNA
// BERG" are one to who asks (base/text_policy.h), but the catalog's index knows names to the letter. The
// records know which spellings there are.
#pragma once

#include <string>

#include "domain/catalog.h"
#include "domain/records.h"

namespace dossier::domain {

// A page of the files of each spelling in turn. `from` is a page's `next`, or empty. Spellings of people
// beyond the first hundreds who are called alike are not looked for. What is caught is kept alive by the
// caller.
awaitable<result<catalog_page>> list_author_files(records& people, catalog& items, std::string author,
                                                  std::string from, int limit);

}  // namespace dossier::domain
