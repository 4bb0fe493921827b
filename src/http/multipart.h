// Reads multipart/form-data (RFC 7578) while it arrives: the caller pulls one part after the other, and a
// file's bytes are not kept. The input may be split anywhere.
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
  std::optional<std::string> filename;  // set for a file input, but may be empty; filename* comes first
  bool filename_unreadable = false;     // a filename was sent, but in an encoding that is not supported
  std::string content_type;             // as sent; empty when absent
};

struct multipart_limits {
  std::size_t header_bytes = 8 * 1024;  // for one part, and for the text after the last boundary
  int parts = 200;
};

// The boundary in a Content-Type header; empty when it is not multipart/form-data with a valid boundary.
std::optional<std::string> boundary_of(std::string_view content_type);

class multipart_reader {
 public:
  // `body` must outlive the reader.
  multipart_reader(base::byte_source& body, std::string boundary, multipart_limits limits = {});
  ~multipart_reader();
  multipart_reader(const multipart_reader&) = delete;
  multipart_reader& operator=(const multipart_reader&) = delete;

  // The next part; empty after the last one, when the body has been read to its end. Skips what was not read
  // of the current part. Errors: malformed, too_large, and those of the body.
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

// The whole source as text. Errors: too_large when it is longer than `limit` bytes, and those of the source.
awaitable<base::result<std::string>> read_all(base::byte_source& source, std::size_t limit);

}  // namespace dossier::http
