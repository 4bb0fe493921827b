#include "http/conditional.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "base/ascii.h"
#include "base/expects.h"
#include "http/message.h"

namespace dossier::http {
// Dates in headers (RFC 9110, section 5.6.7): one form is written, three are read.

namespace {

using namespace std::chrono;

// Reads a date from left to right. After something that does not fit, at_end() stays false.
class date_reader {
 public:
  explicit date_reader(std::string_view text) : left_(text) {}

  void skip_through(char mark) {
    auto at = left_.find(mark);
    take(at == std::string_view::npos ? left_.size() + 1 : at + 1);
  }
  void expect(std::string_view literal) {
    if (left_.starts_with(literal)) {
      left_.remove_prefix(literal.size());
    } else {
      good_ = false;
    }
  }
  // A number with this many digits. `padded`: it may begin with a space, as the days of asctime() do.
  int number(std::size_t digits, bool padded = false) {
    auto text = take(digits);
    if (padded && text.starts_with(' ')) text.remove_prefix(1);
    auto value = parse_decimal(text);
    if (!value) good_ = false;
    return static_cast<int>(value.value_or(0));
  }
  unsigned month() {
    static constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto text = take(3);
    for (unsigned i = 0; i < names.size(); ++i) {
      if (names[i] == text) return i + 1;
    }
    good_ = false;
    return 1;
  }
  seconds time_of_day() {
    int hour = number(2);
    expect(":");
    int minute = number(2);
    expect(":");
    int second = number(2);
    if (hour > 23 || minute > 59 || second > 60) good_ = false;
    return hours(hour) + minutes(minute) + seconds(second);
  }
  bool at_end() const { return good_ && left_.empty(); }

 private:
  std::string_view take(std::size_t count) {
    if (count > left_.size()) {
      good_ = false;
      left_ = {};
      return {};
    }
    auto text = left_.substr(0, count);
    left_.remove_prefix(count);
    return text;
  }

  std::string_view left_;
  bool good_ = true;
};

std::optional<base::time_point> combine(const date_reader& reader, int y, unsigned m, int d, seconds time) {
  year_month_day date{year(y), month(m), day(static_cast<unsigned>(d))};
  if (!reader.at_end() || !date.ok()) return std::nullopt;
  return base::time_point(sys_days(date) + time);
}

// Sun, 06 Nov 1994 08:49:37 GMT
std::optional<base::time_point> parse_imf(std::string_view text) {
  date_reader reader(text);
  reader.skip_through(' ');
  int d = reader.number(2);
  reader.expect(" ");
  unsigned m = reader.month();
  reader.expect(" ");
  int y = reader.number(4);
  reader.expect(" ");
  seconds time = reader.time_of_day();
  reader.expect(" GMT");
  return combine(reader, y, m, d, time);
}

// Sunday, 06-Nov-94 08:49:37 GMT
std::optional<base::time_point> parse_rfc_850(std::string_view text) {
  date_reader reader(text);
  reader.skip_through(' ');
  int d = reader.number(2);
  reader.expect("-");
  unsigned m = reader.month();
  reader.expect("-");
  int y = reader.number(2);
  reader.expect(" ");
  seconds time = reader.time_of_day();
  reader.expect(" GMT");
  return combine(reader, y + (y < 70 ? 2000 : 1900), m, d, time);
}

// Sun Nov  6 08:49:37 1994
std::optional<base::time_point> parse_asctime(std::string_view text) {
  date_reader reader(text);
  reader.skip_through(' ');
  unsigned m = reader.month();
  reader.expect(" ");
  int d = reader.number(2, true);
  reader.expect(" ");
  seconds time = reader.time_of_day();
  reader.expect(" ");
  int y = reader.number(4);
  return combine(reader, y, m, d, time);
}

}  // namespace

std::optional<base::time_point> parse_http_date(std::string_view text) {
  text = base::trim_blanks(text);
  if (text.find('-') != std::string_view::npos) return parse_rfc_850(text);
  return text.find(',') != std::string_view::npos ? parse_imf(text) : parse_asctime(text);
}

namespace {

using kind = content_plan::kind;
using std::chrono::floor;
using std::chrono::seconds;

// Takes one entity tag, with its quotes, from the front of a list. Empty when it is malformed.
struct listed_tag {
  std::string_view tag;
  bool weak;
};
std::optional<listed_tag> take_tag(std::string_view& list) {
  bool weak = list.starts_with("W/");
  if (weak) list.remove_prefix(2);
  if (!list.starts_with('"')) return std::nullopt;
  std::size_t close = list.find('"', 1);
  if (close == std::string_view::npos) return std::nullopt;
  auto tag = list.substr(0, close + 1);
  list.remove_prefix(close + 1);
  return listed_tag{tag, weak};
}

bool not_modified(const request& req, std::string_view etag, base::time_point modified) {
  if (auto list = req.header("if-none-match")) return etag_listed(*list, etag, true);
  auto since = req.header("if-modified-since");
  auto when = since ? parse_http_date(*since) : std::nullopt;
  return when && floor<seconds>(modified) <= *when;
}

bool precondition_failed(const request& req, std::string_view etag, base::time_point modified) {
  if (auto list = req.header("if-match")) return !etag_listed(*list, etag, false);
  auto since = req.header("if-unmodified-since");
  auto when = since ? parse_http_date(*since) : std::nullopt;
  return when && floor<seconds>(modified) > *when;
}

// If-Range: the range is used only when the client's copy is the current one. A weak tag never matches.
bool range_applies(const request& req, std::string_view etag, base::time_point modified) {
  auto condition = req.header("if-range");
  if (!condition) return true;
  auto text = base::trim_blanks(*condition);
  if (text.starts_with('"')) return text == etag;
  if (text.starts_with("W/")) return false;
  auto when = parse_http_date(text);
  return when && floor<seconds>(modified) == *when;
}

}  // namespace

content_plan plan_content(const request& req, std::string_view etag, base::time_point modified,
                          std::uint64_t size) {
  base::expects(etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"'),
                "a strong ETag has its quotes");
  if (precondition_failed(req, etag, modified)) return {kind::precondition_failed, 0, 0};
  if (not_modified(req, etag, modified)) return {kind::not_modified, 0, 0};
  auto header = req.method == "GET" ? req.header("range") : std::nullopt;
  if (!header || !range_applies(req, etag, modified)) return {kind::full, 0, size};
  auto range = parse_range(*header, size);
  if (!range) return {kind::full, 0, size};
  base::expects(range->offset <= size && range->length <= size - range->offset,
                "a range lies within the content");
  if (range->length == 0) return {kind::unsatisfiable, 0, 0};
  return {kind::partial, range->offset, range->length};
}

std::string content_range(const content_plan& plan, std::uint64_t size) {
  base::expects(plan.offset <= size && plan.length <= size - plan.offset, "a range lies within the content");
  std::string total = "/" + std::to_string(size);
  if (plan.what == kind::unsatisfiable || plan.length == 0) return "bytes *" + total;
  return "bytes " + std::to_string(plan.offset) + "-" + std::to_string(plan.offset + plan.length - 1) + total;
}

std::optional<byte_range> parse_range(std::string_view header, std::uint64_t size) {
  header = base::trim_blanks(header);
  if (header.size() < 6 || !base::ascii_equal(header.substr(0, 6), "bytes=")) return std::nullopt;
  header = base::trim_blanks(header.substr(6));
  std::size_t dash = header.find('-');
  if (dash == std::string_view::npos || header.find(',') != std::string_view::npos) return std::nullopt;
  auto first_text = base::trim_blanks(header.substr(0, dash));
  auto last_text = base::trim_blanks(header.substr(dash + 1));
  auto first = parse_decimal(first_text);
  auto last = parse_decimal(last_text);
  if ((!first && !first_text.empty()) || (!last && !last_text.empty()) || (!first && !last))
    return std::nullopt;
  if (!first) {
    // The last bytes of empty content are the whole content, and no Content-Range can say so (RFC 9110,
    // 14.1.2). So the whole content is sent.
    if (size == 0 && *last > 0) return std::nullopt;
    std::uint64_t length = std::min(*last, size);
    return byte_range{size - length, length};
  }
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return byte_range{0, 0};
  std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return byte_range{*first, end - *first + 1};
}

bool etag_listed(std::string_view list, std::string_view etag, bool weak) {
  list = base::trim_blanks(list);
  if (list == "*") return true;
  bool wanted_is_weak = etag.starts_with("W/");
  if (wanted_is_weak) etag.remove_prefix(2);
  if (wanted_is_weak && !weak) return false;
  while (!list.empty()) {
    if (list.front() == ',' || list.front() == ' ' || list.front() == '\t') {
      list.remove_prefix(1);
      continue;
    }
    auto one = take_tag(list);
    if (!one) return false;
    if (one->tag == etag && (weak || !one->weak)) return true;
  }
  return false;
}

}  // namespace dossier::http
