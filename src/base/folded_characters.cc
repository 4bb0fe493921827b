#include "base/folded_characters.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <tuple>

#include <utf8proc.h>

#include "base/characters.h"
#include "base/latin_letters.h"

namespace dossier::base {
namespace {

using codes = std::vector<char32_t>;

constexpr char32_t unreadable = 0xfffd;
constexpr char32_t tatweel = 0x0640;  // only lengthens an Arabic word

// Signs that people use in place of each other become the same sign.
char32_t one_sign(char32_t code) {
  switch (code) {
    case 0x0060:
    case 0x00b4:
    case 0x02b9:
    case 0x02bb:
    case 0x02bc:
    case 0x02bd:
    case 0x02be:
    case 0x02bf:
    case 0x02c8:
    case 0x02ca:
    case 0x02cb:
    case 0x0374:
    case 0x0384:
    case 0x055a:
    case 0x05f3:
    case 0x07f4:
    case 0x07f5:
    case 0x1fbd:
    case 0x1fbf:
    case 0x1fef:
    case 0x1ffd:
    case 0x1ffe:
    case 0x2018:
    case 0x2019:
    case 0x201a:
    case 0x201b:
    case 0x2032:
    case 0x2035:
    case 0x275b:
    case 0x275c:
    case 0xa78b:
    case 0xa78c:
      return '\'';
    case 0x02ba:
    case 0x05f4:
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0x201f:
    case 0x2033:
    case 0x2036:
    case 0x275d:
    case 0x275e:
    case 0x301d:
    case 0x301e:
    case 0x301f:
      return '"';
    case 0x02d7:
    case 0x058a:
    case 0x05be:
    case 0x1806:
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2043:
    case 0x2212:
    case 0x2e17:
    case 0x2e3a:
    case 0x2e3b:
    case 0x30a0:
      return '-';
    case 0x0387:
    case 0x2027:
    case 0x2219:
    case 0x22c5:
    case 0x2e31:
    case 0x30fb:
    case 0xa78f:
      return 0x00b7;
    case 0x2044:
    case 0x2215:
      return '/';
    // Voiced and semi-voiced marks of kana that stand alone, as some keyboards write them.
    case 0x309b:
      return 0x3099;
    case 0x309c:
      return 0x309a;
    default:
      return code;
  }
}

// Arabic letters that have different codes on the keyboards of different languages become the same letter.
char32_t one_arabic(char32_t code) {
  switch (code) {
    case 0x0671:  // alef wasla
      return 0x0627;
    case 0x0649:  // alef maksura
    case 0x06cc:  // Farsi yeh
      return 0x064a;
    case 0x06a9:  // keheh
      return 0x0643;
    case 0x0629:  // teh marbuta
    case 0x06c1:  // heh goal
    case 0x06c3:  // teh marbuta goal
    case 0x06d5:  // ae
      return 0x0647;
    default:
      return code;
  }
}

bool is_within(char32_t code, char32_t first, char32_t last) {
  return code >= first && code <= last;
}

// Marks of sound and stress that people leave out: accents, Hebrew points, Arabic and Syriac vowels. In all
// other scripts, a letter with a mark is a different letter to its readers.
bool is_accent(char32_t mark) {
  return is_within(mark, 0x0300, 0x036f) || is_within(mark, 0x1ab0, 0x1aff) ||
         is_within(mark, 0x1dc0, 0x1dff) || is_within(mark, 0x20d0, 0x20ff) ||
         is_within(mark, 0xfe20, 0xfe2f) || is_within(mark, 0x0483, 0x0489) ||
         is_within(mark, 0x2de0, 0x2dff) || is_within(mark, 0xa66f, 0xa67d) ||
         is_within(mark, 0x0591, 0x05c7) || mark == 0xfb1e || is_within(mark, 0x0610, 0x061a) ||
         is_within(mark, 0x064b, 0x065f) || mark == 0x0670 || is_within(mark, 0x06d6, 0x06ed) ||
         is_within(mark, 0x0730, 0x074a) || is_within(mark, 0x08ca, 0x08ff);
}

void compose(codes& of) {
  std::vector<utf8proc_int32_t> buffer(of.begin(), of.end());
  const auto length =
      utf8proc_normalize_utf32(buffer.data(), static_cast<utf8proc_ssize_t>(buffer.size()),
                               static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (length >= 0) of.assign(buffer.begin(), buffer.begin() + length);
}

bool compose_to_one(char32_t letter, char32_t mark) {
  codes both{letter, mark};
  compose(both);
  return both.size() == 1;
}

// й, ї and ў are letters with their own keys. But most people type е for ё, and only dictionaries mark the
// stress.
bool is_cyrillic_letters_own(char32_t letter, char32_t mark) {
  constexpr char32_t grave = 0x0300;
  constexpr char32_t diaeresis = 0x0308;
  constexpr char32_t ie = 0x0435;
  if (!is_within(letter, 0x0400, 0x052f) || mark == grave || (mark == diaeresis && letter == ie))
    return false;
  return compose_to_one(letter, mark);
}

// Hamza on waw and yeh makes a different letter; on alef most people leave it out.
bool is_arabic_letters_own(char32_t letter, char32_t mark) {
  constexpr char32_t hamza = 0x0654;
  return mark == hamza && (letter == 0x0648 || letter == 0x064a);
}

bool is_left_out(char32_t letter, char32_t mark) {
  return is_accent(mark) && !is_cyrillic_letters_own(letter, mark) && !is_arabic_letters_own(letter, mark);
}

// Jamo (parts of Korean letters) that continue a syllable.
bool is_later_jamo(char32_t code) {
  return is_within(code, 0x1160, 0x11ff) || is_within(code, 0xd7b0, 0xd7ff);
}

int combining_class(char32_t code) {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->combining_class;
}

template <int Options>
void append_decomposed(codes& into, char32_t code) {
  std::array<utf8proc_int32_t, 32> made{};
  int boundary = 0;
  const auto length = utf8proc_decompose_char(
      static_cast<utf8proc_int32_t>(code), made.data(), static_cast<utf8proc_ssize_t>(made.size()),
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                     UTF8PROC_IGNORE | Options),
      &boundary);
  if (length < 0 || length > std::ssize(made)) return into.push_back(code);
  into.insert(into.end(), made.begin(), made.begin() + length);
}

// Splits a character into its canonical and compatibility parts; none if it is invisible.
void decompose(char32_t code, codes& into) {
  into.clear();
  if (is_never_seen(code)) return;
  if (is_white_space(code) || is_control(code)) return into.push_back(U' ');
  if (code < 0x80) return into.push_back(one_sign(code));
  append_decomposed<0>(into, one_sign(code));
  std::ranges::transform(into, into.begin(), one_sign);
  std::erase(into, tatweel);
  // A mark that stands alone is decomposed into a space and the mark. Nobody typed that space.
  if (into.size() > 1 && into.front() == ' ') into.erase(into.begin());
}

class folding {
 public:
  explicit folding(std::string_view text) : text_(text) { found_.reserve(text.size()); }

  std::vector<folded_character> run() {
    std::size_t at = 0;
    while (at < text_.size()) at = take(at);
    flush();
    return std::move(found_);
  }

 private:
  std::size_t take(std::size_t at) {
    utf8proc_int32_t code = 0;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text_.data()) + at,
                                         static_cast<utf8proc_ssize_t>(text_.size() - at), &code);
    if (length <= 0) {
      made_ = {unreadable};
      begin(at, at + 1);
      return at + 1;
    }
    const auto end = at + static_cast<std::size_t>(length);
    add(static_cast<char32_t>(code), at, end);
    return end;
  }

  void add(char32_t code, std::size_t from, std::size_t to) {
    if (code == arabic_joint && joins_arabic()) {
      made_ = {code};
      return begin(from, to);
    }
    decompose(code, made_);
    if (made_.empty()) {
      if (!cluster_.empty()) to_ = to;
    } else if (!cluster_.empty() && (is_mark(made_.front()) || is_later_jamo(made_.front()))) {
      cluster_.insert(cluster_.end(), made_.begin(), made_.end());
      to_ = to;
    } else {
      begin(from, to);
    }
  }

  bool joins_arabic() const { return !cluster_.empty() && is_within(cluster_.front(), 0x0620, 0x06d3); }

  // Begins a new letter with the characters in made_.
  void begin(std::size_t from, std::size_t to) {
    flush();
    cluster_.swap(made_);
    from_ = from;
    to_ = to;
  }

  // Ends the current letter, with all marks that stand on it.
  void flush() {
    if (cluster_.size() == 1 && (cluster_.front() < 0x80 || cluster_.front() == arabic_joint)) {
      const auto code = cluster_.front();
      found_.push_back({code >= 'A' && code <= 'Z' ? code + 32 : code, from_, to_});
    } else if (!cluster_.empty()) {
      for (const auto code : folded_cluster()) found_.push_back({code, from_, to_});
    }
    cluster_.clear();
  }

  codes folded_cluster() {
    order_marks(cluster_);
    codes folded;
    char32_t letter = 0;
    codes small;
    for (const auto code : cluster_) {
      if (is_left_out(letter, code)) continue;
      small.clear();
      append_decomposed<UTF8PROC_CASEFOLD>(small, code);
      for (const auto one : small) {
        const auto made = one_sign(one_arabic(one));
        if (is_left_out(letter, made)) continue;
        if (!is_mark(made)) letter = made;
        append_plain(folded, made);
      }
    }
    order_marks(folded);
    compose(folded);
    return folded;
  }

  static void append_plain(codes& into, char32_t code) {
    if (const auto plain = plain_latin(code); !plain.empty()) {
      into.insert(into.end(), plain.begin(), plain.end());
    } else if (const auto digit = digit_value(code)) {
      into.push_back('0' + static_cast<char32_t>(*digit));
    } else {
      into.push_back(code);
    }
  }

  // Sorts marks into Unicode's canonical order.
  static void order_marks(codes& of) {
    auto at = of.begin();
    while (at != of.end()) {
      at = std::find_if(at, of.end(), [](char32_t code) { return combining_class(code) != 0; });
      const auto end = std::find_if(at, of.end(), [](char32_t code) { return combining_class(code) == 0; });
      order_run({at, end});
      at = end;
    }
  }

  // Marks of one class keep their order.
  static void order_run(std::span<char32_t> marks) {
    if (marks.size() < 2) return;
    std::vector<std::tuple<int, std::size_t, char32_t>> order;
    for (const auto mark : marks) order.emplace_back(combining_class(mark), order.size(), mark);
    std::ranges::sort(order);
    std::ranges::transform(order, marks.begin(), [](const auto& one) { return std::get<char32_t>(one); });
  }

  std::string_view text_;
  std::vector<folded_character> found_;
  codes cluster_;
  codes made_;
  std::size_t from_ = 0;
  std::size_t to_ = 0;
};

}  // namespace

std::vector<folded_character> folded_characters(std::string_view text) {
  return folding(text).run();
}

void append_utf8(std::string& into, char32_t code) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes.data());
  into.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

}  // namespace dossier::base
