// The headers that every answer carries, added once, after the handler. What a handler set itself stays.
#pragma once

#include <optional>
#include <string_view>

#include "http/message.h"
#include "web/context.h"

namespace dossier::web {

void add_common_headers(http::response& answer, const http::request* req, const web_settings& settings);

// A header that is set in the answer, its name in any case.
std::optional<std::string_view> find_header(const http::response& answer, std::string_view name);

}  // namespace dossier::web
