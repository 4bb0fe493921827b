// The bytes of a stored file as an answer: conditions, one range, and headers that keep a hostile file from
// acting in our name. Shared by pages and API.
#pragma once

#include <string>
#include <string_view>

#include "base/async.h"
#include "domain/values.h"
#include "http/message.h"
#include "web/context.h"

namespace dossier::web {

// Content-Disposition (RFC 6266): whether a browser shows a file or saves it, and under which name.

// `attachment; filename="caf_.txt"; filename*=UTF-8''caf%C3%A9.txt`: the first name for old clients, without
// what could end the quotes; the second (RFC 8187) exact, but for what turns its direction (readable_text.h).
std::string content_disposition(bool attachment, std::string_view file_name);

// For GET and HEAD: 200, 206, 304, 412, 416, 307 to a short-lived link where the object store gives such, or
// its error. `download`: to be saved, whatever its
// type.
awaitable<http::response> deliver_content(http::request& req, const context& ctx, domain::file which,
                                          bool download);

}  // namespace dossier::web
