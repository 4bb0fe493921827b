// The parts of a person that several pages show: picture, details, files, times.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "domain/values.h"
#include "web/pages/page.h"

namespace dossier::web {

// "/people/1042"
std::string person_address(domain::person_id id);
// The address of a file's bytes; a browser shows them if the type is safe to show.
std::string content_address(domain::file_id id);

// Photo (PHOTO_URL) or, without one, initials (TONE, LETTERS): sections PHOTO and INITIALS.
void fill_avatar(view into, const domain::person& who);
// NAME, ISOLATED_NAME, NUMBER, URL. The other details: field_parts.h.
void fill_details(view into, const domain::person& who);
// NAME_ISO, NAME_TEXT and NAME_AGO for a time.
void fill_time(view into, std::string_view name, base::time_point when, base::time_point now);

// Which of a person's files a page shows, as its address says: "?files=newest&after=812".
struct shown_files {
  bool newest_first = false;
  std::optional<domain::file_id> after = {};
};
// Parts that cannot be read are ignored.
shown_files read_shown_files(std::string_view query);
// "files=newest&after=812"; empty for the first page, oldest first.
std::string query_of(const shown_files& asked);

enum class file_actions { none, remove };
// Fills {{>FILES}}: rows with preview, details, download and, if asked for, remove. Returns the list, so that
// the caller can add links to the files that are not among these.
view fill_files(view into, std::span<const domain::file> files, base::time_point now, file_actions actions,
                const shown_files& asked = {});

// The same for the files that come with a person, with a link to all files when there are more.
void fill_first_files(view into, const domain::person& who, base::time_point now);

// "3 files (12 MB)"; "no files"; of many only "312 files"
std::string files_in_words(const domain::person& who);

}  // namespace dossier::web
