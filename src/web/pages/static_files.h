// Styles, scripts and pictures of the pages, embedded in the binary. Their address holds a digest of all of
// them (/static/DIGEST/style.css), so that browsers may keep them for ever and modules import each other by
// relative names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dossier::web {

// "/static/DIGEST"
const std::string& static_prefix();

// By the end of the name; application/octet-stream when unknown.
std::string_view static_media_type(std::string_view name);

}  // namespace dossier::web
