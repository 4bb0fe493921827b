// The fields of a small form without files, as browsers (urlencoded) and curl -F (multipart) send them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "http/message.h"
#include "http/url.h"

namespace dossier::web {

// malformed; too_large: the body is longer than `limit` bytes; invalid: the form has a file in it.
awaitable<base::result<std::vector<http::name_value>>> read_form_fields(http::request& req,
                                                                        std::size_t limit);

// A field's value; empty when it was not sent.
std::string field_or_empty(const std::vector<http::name_value>& fields, std::string_view name);

}  // namespace dossier::web
