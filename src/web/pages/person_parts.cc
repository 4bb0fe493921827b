#include "web/pages/person_parts.h"

#include <fmt/format.h>

#include "base/characters.h"
#include "domain/media_type.h"
#include "domain/validation.h"
#include "http/url.h"
#include "web/pages/words.h"

namespace dossier::web {
namespace {

// How a file is previewed in the page; empty: not at all.
std::string_view preview_kind(std::string_view media_type) {
  if (domain::is_picture(media_type)) return "picture";
  if (media_type == "application/pdf") return "document";
  if (media_type == "text/plain") return "text";
  return {};
}

std::string_view type_in_words(std::string_view media_type) {
  if (domain::is_picture(media_type)) return "Picture";
  if (media_type == "application/pdf") return "PDF document";
  if (media_type == "text/plain") return "Text";
  return "Other file";
}

std::string remove_address(domain::file_id id, const shown_files& asked) {
  auto address = fmt::format("/files/{}/remove", id.value);
  if (const auto query = query_of(asked); !query.empty()) address += '?' + query;
  return address;
}

void fill_file(view row, const domain::file& file, base::time_point now, file_actions actions,
               const shown_files& asked) {
  const auto address = content_address(file.id);
  const auto kind = preview_kind(file.media_type);
  row.set("FILE_NAME", base::plain_file_name(file.name));
  row.set("FILE_URL", address);
  row.set("SIZE", human_size(file.size));
  row.set("BYTES", static_cast<std::int64_t>(file.size));
  row.set("TYPE", type_in_words(file.media_type));
  row.set("DIGEST", base::to_hex(file.digest));
  fill_time(row, "ADDED", file.created_at, now);
  if (kind == "picture")
    row.set_and_show("THUMBNAIL_URL", address, "THUMBNAIL");
  else
    row.set_and_show("MARK", type_mark(file.name), "TYPE_MARK");
  if (kind.empty())
    row.show("NO_PREVIEW");
  else
    row.set_and_show("KIND", kind, "PREVIEW");
  if (actions == file_actions::remove)
    row.set_and_show("REMOVE_URL", remove_address(file.id, asked), "REMOVE");
}

}  // namespace

std::string person_address(domain::person_id id) {
  return fmt::format("/people/{}", id.value);
}

std::string content_address(domain::file_id id) {
  return fmt::format("/api/v1/files/{}/content", id.value);
}

void fill_avatar(view into, const domain::person& who) {
  if (who.photo) {
    into.set_and_show("PHOTO_URL", content_address(*who.photo), "PHOTO");
    return;
  }
  auto letters = into.add("INITIALS");
  letters.set("TONE", tone_of(who.details.name()));
  letters.set("LETTERS", initials(who.details.name()));
}

void fill_details(view into, const domain::person& who) {
  into.set("NAME", base::contained(who.details.name()));
  into.set("ISOLATED_NAME", base::isolated(who.details.name()));
  into.set("NUMBER", who.id.value);
  into.set("URL", person_address(who.id));
}

void fill_time(view into, std::string_view name, base::time_point when, base::time_point now) {
  const std::string prefix(name);
  into.set(prefix + "_ISO", base::to_rfc3339(when));
  into.set(prefix + "_TEXT", readable_time(when));
  into.set(prefix + "_AGO", time_ago(when, now));
}

shown_files read_shown_files(std::string_view query) {
  const auto pairs = http::parse_form(query);
  if (!pairs) return {};
  shown_files asked{.newest_first = http::find(*pairs, "files") == "newest"};
  if (const auto after = domain::parse_id(http::find(*pairs, "after").value_or("")))
    asked.after = domain::file_id{*after};
  return asked;
}

std::string query_of(const shown_files& asked) {
  std::string query;
  if (asked.newest_first) query = "files=newest";
  if (asked.after) query += fmt::format("{}after={}", query.empty() ? "" : "&", asked.after->value);
  return query;
}

view fill_files(view into, std::span<const domain::file> files, base::time_point now, file_actions actions,
                const shown_files& asked) {
  auto list = into.include("FILES", "file_list.html");
  if (files.empty()) {
    list.show(asked.after ? "EMPTY_PAGE" : "NO_FILES");
    return list;
  }
  list.show("HAS_FILES");
  for (const auto& file : files) fill_file(list.add("FILE"), file, now, actions, asked);
  return list;
}

void fill_first_files(view into, const domain::person& who, base::time_point now) {
  auto list = fill_files(into, who.files, now, file_actions::none);
  if (!domain::has_more_files(who)) return;
  auto more = list.add("MORE_FILES");
  more.set("LABEL", fmt::format("All {} files", who.file_count));
  more.set("URL", person_address(who.id) + "#files-title");
}

std::string files_in_words(const domain::person& who) {
  if (who.file_count == 0) return "no files";
  auto count = count_of(who.file_count, "file", "files");
  if (domain::has_more_files(who)) return count;
  std::uint64_t bytes = 0;
  for (const auto& file : who.files) bytes += file.size;
  return fmt::format("{} ({})", count, human_size(bytes));
}

}  // namespace dossier::web
