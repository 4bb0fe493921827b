// Styles, scripts and pictures of the pages, embedded in the binary. Their address holds a digest of all of
// them (/static/DIGEST/style.css), so that browsers may keep them for ever and modules import each other by
// relative names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/router.h"

namespace dossier::web {

// "/static/DIGEST"
const std::string& static_prefix();

// /static/{digest}/{name} and /favicon.ico.
std::vector<route> static_routes();

// By the end of the name; application/octet-stream when unknown.
std::string_view static_media_type(std::string_view name);

}  // namespace dossier::web
