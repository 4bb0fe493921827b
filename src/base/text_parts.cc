#include "base/text_parts.h"

#include <algorithm>
#include <utility>

#include "base/characters.h"

namespace dossier::base {
namespace {

bool is_of_words(char32_t code) {
  return is_letter_or_digit(code) || is_mark(code);
}

bool is_digit(char32_t code) {
  return code >= '0' && code <= '9';
}

// "C++" and "C#" count as words.
bool is_word_sign(char32_t code) {
  return code == '+' || code == '#';
}

text_gap gap_of(char32_t code) {
  switch (code) {
    case '\'':
    case '"':
    case '-':
    case '.':
    case '_':
    case '#':
    case 0x00b7:
    case arabic_joint:
      return text_gap::tight;
    case ' ':
    case '+':
    case '&':
    case '/':
      return text_gap::loose;
    default:
      return text_gap::apart;
  }
}

class cutting {
 public:
  explicit cutting(std::string_view text) { made_.characters = folded_characters(text); }

  text_parts run() {
    while (at_ < made_.characters.size()) {
      if (is_of_words(code(at_)))
        take_part();
      else if (is_pictograph(code(at_)))
        take_pictograph();
      else
        gap_ = std::max(gap_, gap_of(code(at_++)));
    }
    return std::move(made_);
  }

 private:
  char32_t code(std::size_t at) const { return at < made_.characters.size() ? made_.characters[at].code : 0; }

  void take_part() {
    auto& part = begin_part();
    while (goes_on()) {
      if (at_ > part.first && begins_within()) part.inner_starts.push_back(at_);
      ++at_;
    }
    take_signs();
    part.last = at_;
    gap_ = text_gap::tight;
  }

  // "3.11" is one part.
  bool goes_on() const {
    if (is_of_words(code(at_))) return true;
    return code(at_) == '.' && is_digit(code(at_ - 1)) && is_digit(code(at_ + 1));
  }

  bool begins_within() const {
    if (is_mark(code(at_))) return false;
    return is_written_without_spaces(code(at_)) || is_written_without_spaces(code(at_ - 1));
  }

  // Takes the signs at the end of "C++" and "C#", but not the one in "HTML+CSS".
  void take_signs() {
    auto end = at_;
    bool sharp = false;
    while (is_word_sign(code(end))) sharp |= code(end++) == '#';
    if (sharp || end - at_ > 1 || !is_of_words(code(end))) at_ = end;
  }

  void take_pictograph() {
    gap_ = text_gap::apart;
    auto& part = begin_part();
    part.last = ++at_;
    gap_ = text_gap::apart;
  }

  text_part& begin_part() {
    text_part part;
    part.first = at_;
    part.last = at_;
    part.gap = made_.parts.empty() ? text_gap::apart : gap_;
    if (at_ > 0 && code(at_ - 1) == '.') {
      part.after_dot = true;
      part.dotted = at_ < 2 || !is_of_words(code(at_ - 2));
    }
    return made_.parts.emplace_back(std::move(part));
  }

  text_parts made_;
  std::size_t at_ = 0;
  text_gap gap_ = text_gap::apart;
};

}  // namespace

text_parts parts_of(std::string_view text) {
  return cutting(text).run();
}

}  // namespace dossier::base
