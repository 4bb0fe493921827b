// Dates in headers (RFC 9110, section 5.6.7): one form to write, three to read.
#include <array>
#include <chrono>
#include <string_view>

#include "http/conditional.h"
#include "http/field_rules.h"

namespace dossier::http {
namespace {

using namespace std::chrono;

// Eats a date from left to right; once something does not fit, nothing does.
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
  // `digits` of them; asctime() pads days with a space.
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
  text = trim_blanks(text);
  if (text.find('-') != std::string_view::npos) return parse_rfc_850(text);
  return text.find(',') != std::string_view::npos ? parse_imf(text) : parse_asctime(text);
}

}  // namespace dossier::http
