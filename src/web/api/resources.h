// People and files as the API writes them, and the answers that carry them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/catalog.h"
#include "domain/people_query.h"
#include "domain/values.h"
#include "http/message.h"
#include "web/problem.h"

namespace dossier::web::api {

// Conditional requests. With If-None-Match on reads, clients do not fetch again what they have. With If-Match
// on changes and deletions, no client overwrites what it has not seen.

// The versions an If-Match header names.
struct expected_versions {
  bool any = false;                    // *
  std::vector<std::int64_t> versions;  // empty without `any`: no version can match
};

// `"3"`, `"3", "4"` or `*`. Weak tags, and tags that Dossier did not make, match nothing (RFC 9110, section
// 13.1.1).
expected_versions parse_if_match(std::string_view header);

// 412 for an If-Match that can never match because it has no quotes or is weak; the message shows what an
// ETag looks like. Empty if it could match. `example` is an ETag, with its quotes.
std::optional<problem> misspelled_if_match(std::string_view header, std::string_view example);

// 304 with this ETag when the client's If-None-Match lists it, because the client has the current version.
// Empty if it does not.
std::optional<http::response> unchanged(const http::request& req, const std::string& etag);

// 428: an If-Match is needed.
problem precondition_required();
// 412.
problem precondition_failed();

// The members of a person that cannot be changed.
inline constexpr std::array<std::string_view, 6> read_only_members = {
    "id", "files", "file_count", "created_at", "updated_at", "version"};
void append_person(std::string& json, const domain::person& who);
std::string file_json(const domain::file& which);
std::string people_json(const domain::people_page& page);
std::string files_json(const domain::files_page& page, domain::files_query asked);
std::string catalog_json(const domain::catalog_page& page);

http::response json_response(unsigned status, std::string json);
// With the person's ETag.
http::response person_response(unsigned status, const domain::person& who);

// "\"7\"" for version 7; "\"<sha256>\"" for a file.
std::string etag_of(const domain::person& who);
std::string etag_of(const domain::file& which);

// An id in a path: only digits, from 1. Empty if it is anything else.
std::optional<std::int64_t> path_id(std::string_view segment);

}  // namespace dossier::web::api
