// Content-Disposition (RFC 6266): whether a browser shows a file or saves it, and under which name.
#pragma once

#include <string>
#include <string_view>

namespace dossier::web {

// `attachment; filename="caf_.txt"; filename*=UTF-8''caf%C3%A9.txt`: the first name for old clients, without
// what could end the quotes; the second (RFC 8187) exact, but for what turns its direction (readable_text.h).
std::string content_disposition(bool attachment, std::string_view file_name);

}  // namespace dossier::web
