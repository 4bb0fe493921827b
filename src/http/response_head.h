// Writes the bytes before a response's body. Pure. It appends to a string that keeps its memory, so there is
// no allocation per header.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace dossier::http {

// The words after a status. Programs ignore them.

// "Not Found" for 404; "Status" for an unknown status.
std::string_view reason_phrase(unsigned status);

// How the answer marks the end of its body.
enum class framing {
  none,     // no body and no length: 204, 304
  length,   // Content-Length
  chunked,  // HTTP/1.1
  close,    // the end of the connection: HTTP/1.0
};

struct head_facts {
  framing body = framing::length;
  std::uint64_t length = 0;
  bool close = false;               // Connection: close
  bool confirm_keep_alive = false;  // for HTTP/1.0
  std::string_view date;            // IMF-fixdate
  std::string_view id;
};

// Appends the status line and the headers, with the empty line after them. Leaves out headers of the response
// that only the session sets (Connection, Content-Length, Date, Keep-Alive, Transfer-Encoding, X-Request-Id),
// and headers whose name is not a token or whose value has control characters.
void append_head(std::string& out, const response& answer, const head_facts& facts);

// The value of the first header of this name (in any case) in a response; null when there is none.
const std::string* find_header(const response& answer, std::string_view name);

}  // namespace dossier::http
