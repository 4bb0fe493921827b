// Looks up and changes people and their files. The pages and the API call this.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/byte_source.h"
#include "base/result.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"
#include "domain/validation.h"

namespace dossier::domain {

// An author's files from the catalog, whatever the spelling. For a reader, "Anna Berg" and "ANNA BERG" are
// the same name (base/text_policy.h), but the catalog finds only the exact letters. The records know the
// spellings.

// Returns a page of the files, one spelling after the other. `from` is the `next` of the page before, or
// empty for the first page. Spellings are looked for among the first 300 people of that name, and 20 of them
// are used at most. Both stores must live until the call has ended.
awaitable<result<catalog_page>> list_author_files(records& people, catalog& items, std::string author,
                                                  std::string from, int limit);

class worker;

class people {
 public:
  people(records& people, object_store& objects, catalog& items, worker& tasks);

  awaitable<result<person>> find(person_id id);
  awaitable<result<people_page>> list(people_query query);
  awaitable<result<std::vector<history_entry>>> history(person_id id);
  awaitable<result<std::vector<std::string>>> recent_values(std::size_t field);

  // invalid, with the wrong fields; not_found; stale: the version is not the expected one (empty: any version
  // is accepted). Here and below: after an error with may_have_happened set, the change may have been made or
  // not; after any other error, nothing was changed.
  awaitable<result<person>> edit(person_id id, details_draft change,
                                 std::optional<std::int64_t> expected_version, actor by);
  // The person is invisible at once; bytes and catalog items are erased later. not_found; stale.
  awaitable<result<void>> remove(person_id id, std::optional<std::int64_t> expected_version, actor by);

  awaitable<result<file>> find_file(file_id id);
  awaitable<result<files_page>> list_files(files_query query);
  awaitable<result<void>> remove_file(file_id id, actor by);
  // Opens a part of a file's bytes; `which` came from find_file(). not_found: it was deleted since; internal:
  // its bytes are lost, which is logged.
  awaitable<result<std::unique_ptr<base::byte_source>>> open(file which, std::uint64_t offset,
                                                             std::uint64_t length);

  // A URL where the bytes can be downloaded from the object store itself; empty if that is not set up.
  awaitable<result<std::optional<std::string>>> link(file which, link_headers shown);

  // Files from the catalog, of all people whose name folds to the same text (list_author_files()). Leaves out
  // files that were deleted, and files of people who have another name now. A page may be shorter than the
  // limit, or even empty, although another page follows.
  awaitable<result<catalog_page>> files_by_author(std::string author, std::string from, int limit);

 private:
  awaitable<result<void>> keep_what_is_so(const std::string& folded_author, std::vector<catalog_item>& items);

  records& records_;
  object_store& objects_;
  catalog& catalog_;
  worker& worker_;
};

}  // namespace dossier::domain
