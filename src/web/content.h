// The bytes of a stored file as an answer: conditions, one range, and headers that keep a hostile file from
// acting in our name. Shared by pages and API.
#pragma once

#include "base/async.h"
#include "domain/values.h"
#include "http/message.h"
#include "web/context.h"

namespace dossier::web {

// For GET and HEAD: 200, 206, 304, 412, 416, 307 to a short-lived link where the object store gives such, or
// its error. `download`: to be saved, whatever its
// type.
awaitable<http::response> deliver_content(http::request& req, const context& ctx, domain::file which,
                                          bool download);

}  // namespace dossier::web
