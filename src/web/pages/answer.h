// The few answers that pages give: a page, or "look there instead". For errors: web/error_response.h.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"
#include "web/context.h"
#include "web/pages/page.h"

namespace dossier::web {

http::response html_answer(unsigned status, std::string html);
// 303: the browser gets the address; a reload does not send the form again.
http::response see_other(std::string address);

// What surrounds every page of this site.
page_frame frame_of(const context& ctx, std::string title, std::string_view here);

}  // namespace dossier::web
