// People and files as the API writes them, and the answers that carry them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/catalog.h"
#include "domain/people_query.h"
#include "domain/values.h"
#include "http/message.h"

namespace dossier::web::api {

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
