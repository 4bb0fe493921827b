#include "web/api/resources.h"

#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/expects.h"
#include "base/json_text.h"
#include "base/sha256.h"
#include "domain/field.h"
#include "http/conditional.h"

namespace dossier::web::api {
namespace {

struct spelled_tags {
  bool well = true;
  bool strong = false;
  bool weak = false;
};

// entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE, in a list (RFC 9110, sections 8.8.3 and 5.6.1).
spelled_tags spelling_of(std::string_view list) {
  spelled_tags found;
  while (true) {
    while (!list.empty() && (list.front() == ',' || list.front() == ' ' || list.front() == '\t')) {
      list.remove_prefix(1);
    }
    if (list.empty()) break;
    const bool weak = list.starts_with("W/");
    if (weak) list.remove_prefix(2);
    const auto close = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
    if (close == std::string_view::npos) return {.well = false};
    list = base::trim_blanks(list.substr(close + 1));
    if (!list.empty() && list.front() != ',') return {.well = false};
    (weak ? found.weak : found.strong) = true;
  }
  found.well = found.strong || found.weak;
  return found;
}

// The members that follow "id" wherever a file is described.
void append_file_members(std::string& json, std::string_view name, std::uint64_t size,
                         std::string_view media_type, const domain::sha256_digest& digest, domain::file_id id,
                         domain::time_point created_at) {
  json += R"(,"name":)";
  base::append_json_string(json, name);
  json += R"(,"size":)";
  base::append_json_number(json, static_cast<std::int64_t>(size));
  json += R"(,"media_type":)";
  base::append_json_string(json, media_type);
  json += R"(,"sha256":")";
  json += base::to_hex(digest);
  json += R"(","content_url":"/api/v1/files/)";
  base::append_json_number(json, id.value);
  json += R"(/content","created_at":")";
  json += base::to_rfc3339(created_at);
  json += '"';
}

// A number that was left empty is null.
void append_details(std::string& json, const domain::details& what) {
  const auto fields = domain::detail_fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    json.append(",\"").append(fields[i].name).append("\":");
    if (fields[i].kind != domain::field_kind::whole_number) {
      base::append_json_string(json, what[i]);
    } else {
      json += what[i].empty() ? "null" : what[i];
    }
  }
}

void append_file(std::string& json, const domain::file& which) {
  json += R"({"id":)";
  base::append_json_number(json, which.id.value);
  append_file_members(json, which.name, which.size, which.media_type, which.digest, which.id,
                      which.created_at);
  json += '}';
}

void append_catalog_item(std::string& json, const domain::catalog_item& item) {
  json += R"({"file_id":)";
  base::append_json_number(json, item.file.value);
  json += R"(,"person_id":)";
  base::append_json_number(json, item.person.value);
  json += R"(,"author":)";
  base::append_json_string(json, item.author);
  append_file_members(json, item.name, item.size, item.media_type, item.digest, item.file, item.created_at);
  json += '}';
}

void append_next_cursor(std::string& json, const std::optional<std::string>& cursor) {
  json += R"(],"next_cursor":)";
  if (cursor) {
    base::append_json_string(json, *cursor);
  } else {
    json += "null";
  }
  json += '}';
}

}  // namespace

std::optional<problem> misspelled_if_match(std::string_view header, std::string_view example) {
  if (base::trim_blanks(header) == "*") return std::nullopt;
  const auto found = spelling_of(header);
  const auto right = "Send it as the ETag header had it, like If-Match: " + std::string(example) + ".";
  if (!found.well) return problem{412, "If-Match holds no ETag: an ETag stands in double quotes. " + right};
  if (found.strong) return std::nullopt;
  return problem{412, "If-Match holds a weak ETag (W/…), which matches nothing here. " + right};
}

expected_versions parse_if_match(std::string_view header) {
  expected_versions expected;
  if (base::trim_blanks(header) == "*") {
    expected.any = true;
    return expected;
  }
  while (!header.empty()) {
    // Dossier's tags hold only digits. Another tag with a comma in it is taken for two tags, and neither
    // matches.
    const auto comma = header.find(',');
    const auto tag = base::trim_blanks(header.substr(0, comma));
    if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
      if (const auto version = path_id(tag.substr(1, tag.size() - 2))) expected.versions.push_back(*version);
    }
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
  }
  return expected;
}

std::optional<http::response> unchanged(const http::request& req, const std::string& etag) {
  base::expects(etag.size() > 2 && etag.front() == '"' && etag.back() == '"', "an ETag stands in quotes");
  const auto known = req.header("if-none-match");
  if (!known || !http::etag_listed(*known, etag, true)) return std::nullopt;
  http::response answer;
  answer.status = 304;
  answer.set("ETag", etag);
  return answer;
}

problem precondition_required() {
  return {428, "Send If-Match with the ETag of what you read, or * to go ahead whatever it is now."};
}

problem precondition_failed() {
  return {412,
          "This has changed since you read it. Read it again, then repeat the change with its new ETag."};
}

void append_person(std::string& json, const domain::person& who) {
  json += R"({"id":)";
  base::append_json_number(json, who.id.value);
  append_details(json, who.details);
  json += R"(,"files":[)";
  for (std::size_t i = 0; i < who.files.size(); ++i) {
    if (i != 0) json += ',';
    append_file(json, who.files[i]);
  }
  json += R"(],"file_count":)";
  base::append_json_number(json, who.file_count);
  json += R"(,"created_at":")";
  json += base::to_rfc3339(who.created_at);
  json += R"(","updated_at":")";
  json += base::to_rfc3339(who.updated_at);
  json += R"(","version":)";
  base::append_json_number(json, who.version);
  json += '}';
}

std::string file_json(const domain::file& which) {
  std::string json = R"({"id":)";
  base::append_json_number(json, which.id.value);
  json += R"(,"person_id":)";
  base::append_json_number(json, which.person.value);
  append_file_members(json, which.name, which.size, which.media_type, which.digest, which.id,
                      which.created_at);
  json += '}';
  return json;
}

std::string people_json(const domain::people_page& page) {
  std::string json = R"({"items":[)";
  for (std::size_t i = 0; i < page.items.size(); ++i) {
    if (i != 0) json += ',';
    append_person(json, page.items[i]);
  }
  append_next_cursor(json, page.next ? std::optional(domain::encode_cursor(*page.next)) : std::nullopt);
  return json;
}

std::string files_json(const domain::files_page& page, domain::files_query asked) {
  std::string json = R"({"items":[)";
  for (std::size_t i = 0; i < page.items.size(); ++i) {
    if (i != 0) json += ',';
    append_file(json, page.items[i]);
  }
  asked.after = page.next;
  append_next_cursor(json, page.next ? std::optional(domain::encode_cursor(asked)) : std::nullopt);
  return json;
}

std::string catalog_json(const domain::catalog_page& page) {
  std::string json = R"({"items":[)";
  for (std::size_t i = 0; i < page.items.size(); ++i) {
    if (i != 0) json += ',';
    append_catalog_item(json, page.items[i]);
  }
  append_next_cursor(json, page.next);
  return json;
}

http::response json_response(unsigned status, std::string json) {
  return http::text_response(status, "application/json", std::move(json));
}

http::response person_response(unsigned status, const domain::person& who) {
  std::string json;
  json.reserve(512 + 512 * who.files.size());
  append_person(json, who);
  auto answer = json_response(status, std::move(json));
  answer.set("ETag", etag_of(who));
  return answer;
}

std::string etag_of(const domain::person& who) {
  return '"' + std::to_string(who.version) + '"';
}

std::string etag_of(const domain::file& which) {
  return '"' + base::to_hex(which.digest) + '"';
}

std::optional<std::int64_t> path_id(std::string_view segment) {
  if (segment.empty() || segment.size() > 18 || segment.front() < '1' || segment.front() > '9')
    return std::nullopt;
  std::int64_t id = 0;
  const auto read = std::from_chars(segment.data(), segment.data() + segment.size(), id);
  if (read.ec != std::errc() || read.ptr != segment.data() + segment.size()) return std::nullopt;
  return id;
}

}  // namespace dossier::web::api
