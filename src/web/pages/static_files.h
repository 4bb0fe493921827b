// Styles, scripts and pictures of the pages, embedded in the binary. Their addresses contain one digest of
// all of them (/static/DIGEST/style.css). So browsers may keep them for ever, and a script can import another
// by a relative name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dossier::web {

// "/static/DIGEST"
const std::string& static_prefix();

// The media type, by the file name's extension; application/octet-stream when that is unknown.
std::string_view static_media_type(std::string_view name);

}  // namespace dossier::web
