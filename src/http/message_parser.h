// Parses one HTTP/1 message: first its whole head, then its body piece by piece. Beast does the parsing. What
// Beast is too lenient about (RFC 9112: Host, Transfer-Encoding, line ends, folding) is checked here. No I/O.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/server.h"

namespace dossier::http {

// Why a message is not accepted: the status to answer and a sentence safe to show. The connection ends after
// that answer.
struct refusal {
  unsigned status = 400;
  std::string_view message;
};

struct message_head {
  std::string_view method;
  std::string_view target;
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  bool http_1_1 = false;
  bool keep_alive = false;
  bool chunked = false;
  bool expects_continue = false;
  std::optional<std::uint64_t> content_length;  // 0 when there is no body, empty when chunked

  std::optional<std::string_view> field(std::string_view name) const;
};

class message_parser {
 public:
  // `limits` must outlive the parser.
  explicit message_parser(const server_limits& limits);
  ~message_parser();

  // Forgets the last message. The next bytes begin a new one.
  void begin();

  // `bytes` must be all bytes that have arrived since begin(). Returns how many of them belong to the head; 0
  // when the head is not complete yet.
  std::expected<std::size_t, refusal> read_head(std::string_view bytes);
  // Valid until begin(). It does not point into the bytes given to read_head().
  const message_head& head() const { return head_; }

  struct piece {
    std::size_t taken = 0;  // of the bytes given
    std::string_view data;  // part of them; may be empty even if bytes were taken
  };
  // Reads more of the body. When it takes no bytes, call it again with more bytes.
  std::expected<piece, refusal> read_body(std::string_view bytes);
  // Whether the whole message was read.
  bool complete() const { return complete_; }

 private:
  class beast_parser;

  std::optional<refusal> scan(std::string_view bytes);
  std::optional<refusal> too_long(std::string_view bytes) const;
  std::optional<refusal> check_fields();

  const server_limits& limits_;
  std::unique_ptr<beast_parser> parser_;
  std::string bytes_;  // a copy of the head, which the views in head_ point into
  message_head head_;
  std::size_t skipped_ = 0;     // empty lines before the request line
  std::size_t line_start_ = 0;  // of the line that is being scanned
  std::size_t scanned_ = 0;
  std::size_t request_line_ = 0;  // its length; 0 until it was seen
  std::size_t lines_ = 0;
  std::size_t head_size_ = 0;  // 0 until its end was seen
  bool complete_ = false;
};

}  // namespace dossier::http
