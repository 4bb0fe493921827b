// The bytes before a response's body. Pure, into a string that keeps its storage: no allocation per header.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace dossier::http {

// The words that go with a status. Only people who look at the bytes read them.

// "Not Found" for 404; "Status" for one that is not known.
std::string_view reason_phrase(unsigned status);

// How the client is told where the body ends.
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

// Appends status line and headers, with the empty line. Headers that only the session sets (Connection,
// Content-Length, Date, Keep-Alive, Transfer-Encoding, X-Request-Id) are not taken from the response, nor
// is one whose name is not a token or whose value has control characters.
void append_head(std::string& out, const response& answer, const head_facts& facts);

// The first header of this name in a response.
const std::string* find_header(const response& answer, std::string_view name);

}  // namespace dossier::http
