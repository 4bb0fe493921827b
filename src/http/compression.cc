#include "http/compression.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/ascii.h"
#include "base/expects.h"
#include "http/message.h"
#include "http/response_head.h"

namespace dossier::http {
namespace {

constexpr std::size_t smallest = 1024;
constexpr std::size_t most_static_bodies = 256;
constexpr int gzip_window = 15 + 16;
constexpr int quick_level = 4;

// "gzip;q=0.5" → its quality in thousandths, 1000 without q.
int quality(std::string_view parameters) {
  std::size_t at = parameters.find('=');
  if (at == std::string_view::npos) return 1000;
  auto value = base::trim_blanks(parameters.substr(at + 1));
  if (value.empty() || (value[0] != '0' && value[0] != '1')) return 0;
  int thousandths = (value[0] - '0') * 1000, unit = 100;
  for (std::size_t i = 2; i < value.size() && i < 5 && value[i] >= '0' && value[i] <= '9'; ++i, unit /= 10) {
    thousandths += (value[i] - '0') * unit;
  }
  return thousandths;
}

void add_vary(response& answer) {
  for (auto& [name, value] : answer.headers) {
    if (!base::ascii_equal(name, "vary")) continue;
    if (value != "*" && value.find("Accept-Encoding") == std::string::npos) value += ", Accept-Encoding";
    return;
  }
  answer.set("Vary", "Accept-Encoding");
}

void weaken_etag(response& answer) {
  for (auto& [name, value] : answer.headers) {
    if (base::ascii_equal(name, "etag") && value.starts_with('"')) value.insert(0, "W/");
  }
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<int> named, any;
  while (!accept_encoding.empty()) {
    std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    std::string_view item = base::trim_blanks(accept_encoding.substr(0, comma));
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    std::size_t semicolon = std::min(item.find(';'), item.size());
    std::string_view coding = base::trim_blanks(item.substr(0, semicolon));
    if (base::ascii_equal(coding, "gzip") || base::ascii_equal(coding, "x-gzip")) {
      named = quality(item.substr(semicolon));
    } else if (coding == "*") {
      any = quality(item.substr(semicolon));
    }
  }
  return named.value_or(any.value_or(0)) > 0;
}

bool is_compressible_type(std::string_view content_type) {
  auto type = base::trim_blanks(content_type.substr(0, content_type.find(';')));
  if (type.starts_with("text/")) return true;
  if (type.ends_with("+json") || type.ends_with("+xml")) return true;
  return type == "application/json" || type == "application/javascript" || type == "application/xml";
}

struct compressor::stream : z_stream {
  stream() : z_stream{} {}
  ~stream() {
    if (ready) deflateEnd(this);
  }
  bool ready = false;
};

compressor::compressor() = default;
compressor::~compressor() = default;

std::optional<std::string> compressor::gzip(std::string_view bytes, int level) {
  if (!stream_) stream_ = std::make_unique<stream>();
  auto& z = *stream_;
  if (!z.ready) {
    if (deflateInit2(&z, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return std::nullopt;
    z.ready = true;
  } else if (deflateReset(&z) != Z_OK || deflateParams(&z, level, Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  if (bytes.size() > std::numeric_limits<uInt>::max() / 2) return std::nullopt;
  std::string out;
  out.resize(bytes.size());  // a result that is not smaller is useless, and does not fit
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) return std::nullopt;
  base::expects(z.avail_in == 0 && z.avail_out <= out.size(), "all was compressed, into the room for it");
  out.resize(out.size() - z.avail_out);
  return out;
}

std::string_view compressor::gzip_static(std::string_view bytes) {
  auto key = std::pair<const void*, std::size_t>{bytes.data(), bytes.size()};
  auto known = static_.find(key);
  if (known != static_.end()) return known->second;
  if (static_.size() >= most_static_bodies) return {};
  return static_.emplace(key, gzip(bytes, Z_BEST_COMPRESSION).value_or("")).first->second;
}

void compressor::apply(response& answer, std::optional<std::string_view> accept_encoding) {
  if (answer.status < 200 || answer.status == 204 || answer.status == 206 || answer.status == 304) return;
  auto* text = std::get_if<std::string>(&answer.body);
  auto* lasting = std::get_if<std::string_view>(&answer.body);
  std::string_view bytes = text ? std::string_view(*text) : lasting ? *lasting : std::string_view();
  if (bytes.size() < smallest || find_header(answer, "content-encoding")) return;
  const std::string* type = find_header(answer, "content-type");
  if (!type || !is_compressible_type(*type)) return;
  const std::string* etag = find_header(answer, "etag");
  if (text && etag && etag->starts_with('"')) return;

  add_vary(answer);
  if (!accept_encoding || !accepts_gzip(*accept_encoding)) return;
  if (text) {
    auto smaller = gzip(*text, quick_level);
    if (!smaller) return;
    *text = std::move(*smaller);
  } else {
    auto smaller = gzip_static(*lasting);
    if (smaller.empty()) return;
    *lasting = smaller;
    weaken_etag(answer);
  }
  answer.set("Content-Encoding", "gzip");
}

}  // namespace dossier::http
