// multipart/form-data (RFC 7578) as it arrives: parts are pulled one after the other, a file's bytes pass
// through without being kept. The bytes may be split anywhere.
//
//   multipart_reader form(request.body(), boundary, limits);
//   while (part = co_await form.next_part()) … co_await form.content().next() …
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.h"
#include "base/byte_source.h"
#include "base/result.h"

namespace dossier::http {

struct part {
  std::string name;
  std::optional<std::string> filename;  // present for a file input, though it may be empty; filename* wins
  bool filename_unreadable = false;     // a filename was sent, but only in an encoding that we do not read
  std::string content_type;             // as sent; empty when absent
};

struct multipart_limits {
  std::size_t header_bytes = 8 * 1024;  // of one part; also of what may follow the last boundary
  int parts = 200;
};

// The boundary of a Content-Type header; nothing when it is not multipart/form-data with a valid one.
std::optional<std::string> boundary_of(std::string_view content_type);

class multipart_reader {
 public:
  multipart_reader(base::byte_source& body, std::string boundary, multipart_limits limits = {});
  ~multipart_reader();
  multipart_reader(const multipart_reader&) = delete;
  multipart_reader& operator=(const multipart_reader&) = delete;

  // The next part; nothing after the last, when the body has been read to its end. What was not read of the
  // current part is skipped. Errors: malformed, too_large, and the body's own.
  //
  // Stricter than RFC 2046: only an empty line may precede the first boundary, and only a short text without
  // another boundary may follow the last one. A part in the wrong place is refused, not skipped.
  awaitable<base::result<std::optional<part>>> next_part();
  // The bytes of the current part.
  base::byte_source& content();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// All of a source as text; too_large when it is longer than `limit` bytes.
awaitable<base::result<std::string>> read_all(base::byte_source& source, std::size_t limit);

}  // namespace dossier::http
