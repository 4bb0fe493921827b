// Answers with the bytes of a stored file: conditional requests, one range, and headers that keep a hostile
// file from acting as a page of Dossier. Shared by pages and API.
#pragma once

#include <string>
#include <string_view>

#include "base/async.h"
#include "domain/values.h"
#include "http/message.h"
#include "web/context.h"

namespace dossier::web {

// Content-Disposition (RFC 6266): whether a browser shows a file or saves it, and under which name.

// `attachment; filename="caf_.txt"; filename*=UTF-8''caf%C3%A9.txt`: the first name is for old clients, and
// has no characters that could end the quotes. The second (RFC 8187) is exact, but has no characters that
// change the direction of text (base/characters.h).
std::string content_disposition(bool attachment, std::string_view file_name);

// Answers GET and HEAD: 200, 206, 304, 412 or 416; 307 to a short-lived link if the object store gives out
// links; or the store's error. `download`: the file is to be saved, whatever its type.
awaitable<http::response> deliver_content(http::request& req, const context& ctx, domain::file which,
                                          bool download);

}  // namespace dossier::web
