// Compresses text with gzip when the client accepts it. Each event loop has one compressor, so that deflate's
// tables are made once and reused.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/message.h"

namespace dossier::http {

// Whether an Accept-Encoding header accepts gzip (q above 0; * counts when gzip is not named).
bool accepts_gzip(std::string_view accept_encoding);
// text/*, JSON, JavaScript, XML, SVG.
bool is_compressible_type(std::string_view content_type);

class compressor {
 public:
  compressor();
  ~compressor();
  compressor(const compressor&) = delete;
  compressor& operator=(const compressor&) = delete;

  // Compresses the body of an answer in place when it is text of 1 KiB or more, whole, and not encoded yet,
  // and the client accepts gzip. Adds Vary even when the client does not. A body that was made for this
  // request and has a strong ETag is not compressed: the client sends the ETag back in If-Match, which
  // accepts only strong ones. Bytes that live as long as the process are compressed once, and their ETag
  // becomes weak.
  void apply(response& answer, std::optional<std::string_view> accept_encoding);

 private:
  struct stream;
  std::optional<std::string> gzip(std::string_view bytes, int level);
  std::string_view gzip_static(std::string_view bytes);

  std::unique_ptr<stream> stream_;
  std::map<std::pair<const void*, std::size_t>, std::string> static_;  // empty: gzip does not help
};

}  // namespace dossier::http
