#include "http/message_parser.h"

#include <cstring>
#include <limits>
#include <optional>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/ascii.h"
#include "base/expects.h"
#include "http/message.h"
#include "http/url.h"

namespace dossier::http {
namespace beast = boost::beast;

namespace {

// A few empty lines before a request are ignored (RFC 9112, section 2.2).
constexpr std::size_t forgiven_empty_lines = 2;
constexpr std::string_view http_2_preface_line = "PRI * HTTP/2.0\r\n";
constexpr refusal not_our_version{505, "This server speaks HTTP/1.1."};

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

// The part of `bytes` that holds the lines between chunks. The parser took `taken` bytes, and `data` is the
// content among them.
std::string_view framing_of(std::string_view bytes, std::size_t taken, std::string_view data) {
  if (!data.empty()) return {bytes.data(), data.data()};
  return taken > 0 ? bytes.substr(0, taken) : bytes;  // no byte taken: the line is not complete yet
}

// Beast reads past a bare LF to the next CR LF, and allows a bare LF within a quoted chunk extension. A proxy
// that takes it for the end of the line would see different requests than this server.
bool has_bare_line_feed(std::string_view lines) {
  for (auto at = lines.find('\n'); at != std::string_view::npos; at = lines.find('\n', at + 1)) {
    if (at == 0 || lines[at - 1] != '\r') return true;
  }
  return false;
}

std::unexpected<refusal> refuse(unsigned status, std::string_view message) {
  return std::unexpected(refusal{status, message});
}

}  // namespace

std::optional<std::string_view> message_head::field(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (base::ascii_equal(key, name)) return value;
  }
  return std::nullopt;
}

// Collects views instead of making a map: no allocation per header.
class message_parser::beast_parser {
 public:
  class one_message final : public beast::http::basic_parser<true> {
   public:
    explicit one_message(message_head& head) : head_(head) {
      header_limit(std::numeric_limits<std::uint32_t>::max());
      body_limit(boost::none);
    }

    bool in_body = false;
    std::string_view data;

   private:
    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                         beast::error_code&) override {
      head_.method = view(method);
      head_.target = view(target);
      head_.http_1_1 = version == 11;
    }
    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                       beast::error_code&) override {
      if (!in_body) head_.fields.emplace_back(view(name), view(value));  // trailers are dropped
    }
    void on_header_impl(beast::error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view body, beast::error_code&) override {
      data = view(body);
      return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code&) override {
      data = view(body);
      return body.size();
    }
    void on_finish_impl(beast::error_code&) override {}

    message_head& head_;
  };

  std::optional<one_message> message;
};

message_parser::message_parser(const server_limits& limits)
    : limits_(limits), parser_(std::make_unique<beast_parser>()) {
  begin();
}

message_parser::~message_parser() = default;

void message_parser::begin() {
  head_.fields.clear();
  head_.method = head_.target = {};
  head_.content_length.reset();
  head_.chunked = head_.expects_continue = head_.keep_alive = head_.http_1_1 = false;
  skipped_ = line_start_ = scanned_ = request_line_ = lines_ = head_size_ = 0;
  complete_ = false;
  parser_->message.emplace(head_);
}

// Finds the end of the head, and errors in its lines. Looks at each byte only once, even when the bytes
// arrive in many pieces.
std::optional<refusal> message_parser::scan(std::string_view bytes) {
  while (head_size_ == 0) {
    const void* found = std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_);
    if (found == nullptr) {
      scanned_ = bytes.size();
      return too_long(bytes);
    }
    std::size_t end = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    if (auto problem = too_long(bytes.substr(0, end + 1))) return problem;
    if (end == line_start_ || bytes[end - 1] != '\r')
      return refusal{400, "A header line must end with CR LF."};
    bool empty = end - line_start_ == 1;
    char first = bytes[line_start_];
    if (lines_ == 0 && empty) {
      if (++skipped_ > forgiven_empty_lines) return refusal{400, "The request line is missing."};
    } else if (empty) {
      head_size_ = end + 1;
    } else if (lines_ == 0) {
      request_line_ = end + 1 - line_start_;
      if (bytes.substr(line_start_, request_line_) == http_2_preface_line) return not_our_version;
      ++lines_;
    } else if (first == ' ' || first == '\t') {
      return refusal{400, "A header must not be folded over several lines."};
    } else if (lines_++ > limits_.header_count) {
      return refusal{431, "The request has too many headers."};
    }
    scanned_ = line_start_ = end + 1;
  }
  return std::nullopt;
}

std::optional<refusal> message_parser::too_long(std::string_view bytes) const {
  constexpr std::size_t around_target = 64;  // method, version, spaces
  if (request_line_ == 0 && bytes.size() > skipped_ * 2 + limits_.target_bytes + around_target) {
    return refusal{414, "The address is too long."};
  }
  if (request_line_ != 0 && bytes.size() > skipped_ * 2 + request_line_ + limits_.header_bytes) {
    return refusal{431, "The request's headers are too long."};
  }
  return std::nullopt;
}

std::expected<std::size_t, refusal> message_parser::read_head(std::string_view bytes) {
  base::expects(head_size_ == 0, "each message starts with begin()");
  if (auto problem = scan(bytes)) return std::unexpected(*problem);
  if (head_size_ == 0) return 0;

  bytes_.assign(bytes, skipped_ * 2, head_size_ - skipped_ * 2);
  beast::error_code failed;
  auto& message = *parser_->message;
  std::size_t taken = message.put(boost::asio::buffer(bytes_), failed);
  if (failed == beast::http::error::bad_version) return std::unexpected(not_our_version);
  if (failed || taken != bytes_.size() || !message.is_header_done()) {
    return refuse(400, "The request's head is malformed.");
  }
  base::expects(head_size_ <= bytes.size(), "a head lies within what was read");
  head_.keep_alive = message.keep_alive();
  if (auto problem = check_fields()) return std::unexpected(*problem);
  message.in_body = true;
  complete_ = message.is_done();
  return head_size_;
}

std::optional<refusal> message_parser::check_fields() {
  if (head_.target.size() > limits_.target_bytes) return refusal{414, "The address is too long."};
  int hosts = 0, lengths = 0, encodings = 0, expectations = 0, types = 0, codings = 0;
  for (const auto& [name, value] : head_.fields) {
    if (base::ascii_equal(name, "host")) {
      ++hosts;
      if (!is_valid_host(value)) return refusal{400, "The Host header is not a host."};
    } else if (base::ascii_equal(name, "content-length")) {
      ++lengths;
      head_.content_length = parse_decimal(value);
      if (!head_.content_length) return refusal{400, "Content-Length is not a number."};
    } else if (base::ascii_equal(name, "transfer-encoding")) {
      ++encodings;
      if (!base::ascii_equal(value, "chunked")) return refusal{400, "The only transfer encoding is chunked."};
    } else if (base::ascii_equal(name, "expect")) {
      ++expectations;
      if (!base::ascii_equal(value, "100-continue"))
        return refusal{417, "The only expectation is 100-continue."};
    } else if (base::ascii_equal(name, "content-type")) {
      ++types;
    } else if (base::ascii_equal(name, "content-encoding")) {
      ++codings;
    }
  }
  if (hosts > 1 || (hosts == 0 && head_.http_1_1)) return refusal{400, "A request needs one Host header."};
  if (lengths > 1) return refusal{400, "Content-Length was sent more than once."};
  // Handlers see only the first header of a name, so they would not notice a second one.
  if (types > 1 || codings > 1)
    return refusal{400, "Content-Type or Content-Encoding was sent more than once."};
  if (encodings > 1 || (encodings == 1 && (lengths == 1 || !head_.http_1_1))) {
    return refusal{400, "The length of the body is ambiguous."};
  }
  head_.chunked = encodings == 1;
  head_.expects_continue = expectations > 0 && head_.http_1_1;
  if (!head_.chunked && !head_.content_length) head_.content_length = 0;
  return std::nullopt;
}

std::expected<message_parser::piece, refusal> message_parser::read_body(std::string_view bytes) {
  auto& message = *parser_->message;
  base::expects(message.in_body, "the head is read before the body");
  if (complete_ || bytes.empty()) return piece{};
  message.data = {};
  beast::error_code failed;
  std::size_t taken = message.put(boost::asio::buffer(bytes.data(), bytes.size()), failed);
  if (failed && failed != beast::http::error::need_more) return refuse(400, "The body is malformed.");
  if (head_.chunked && has_bare_line_feed(framing_of(bytes, taken, message.data))) {
    return refuse(400, "A line between chunks must end with CR LF.");
  }
  base::expects(taken <= bytes.size() && message.data.size() <= taken,
                "no more of a body is taken than there is");
  complete_ = message.is_done();
  return piece{taken, message.data};
}

}  // namespace dossier::http
