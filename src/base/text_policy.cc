#include "base/text_policy.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/characters.h"
#include "base/expects.h"
#include "base/folded_characters.h"

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

// At most this many neighbouring parts are joined into one word.
constexpr std::size_t most_joined = 4;

// A list of different words, with a limited length.
class word_set {
 public:
  explicit word_set(std::size_t most) : most_(most) {}
  bool full() const { return words_.size() >= most_; }
  void add(std::string word) {
    if (word.empty() || full() || !seen_.insert(word).second) return;
    words_.push_back(std::move(word));
  }
  std::vector<std::string> take() { return std::move(words_); }

 private:
  std::size_t most_;
  std::vector<std::string> words_;
  std::unordered_set<std::string> seen_;
};

bool joins(text_gap gap) {
  return gap != text_gap::apart;
}

// The word from `offset` to the end of the part and of the parts that join it, `parts` parts at most, cut
// after longest_word characters.
std::string word_from(const text_parts& of, std::size_t part, std::size_t offset, std::size_t parts) {
  std::string word;
  std::size_t length = 0;
  for (auto at = part; at < of.parts.size() && at < part + parts; ++at) {
    if (at > part && !joins(of.parts[at].gap)) break;
    const auto& one = of.parts[at];
    for (auto i = at == part ? offset : one.first; i < one.last && length < longest_word; ++i, ++length)
      append_utf8(word, of.characters[i].code);
  }
  return word;
}

bool is_implied(const query_word& one, const query_word& by) {
  return std::ranges::all_of(by.any_of, [&](const std::string& other) {
    return std::ranges::any_of(one.any_of,
                               [&](const std::string& beginning) { return other.starts_with(beginning); });
  });
}

// Removes the words that another word implies.
std::vector<query_word> telling(std::vector<query_word> words) {
  for (std::size_t i = words.size(); i-- > 0;) {
    const auto implies = [&](const query_word& other) {
      const auto at = static_cast<std::size_t>(&other - words.data());
      return at != i && is_implied(words[i], other);
    };
    if (std::ranges::any_of(words, implies)) words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return words;
}

// Neighbouring parts that were typed as one word: the index of the first one, and how many.
struct typed_word {
  std::size_t first = 0;
  std::size_t count = 0;
};

std::vector<typed_word> typed_words(const text_parts& of) {
  std::vector<typed_word> words;
  for (std::size_t at = 0; at < of.parts.size(); ++at) {
    const bool goes_on =
        !words.empty() && of.parts[at].gap == text_gap::tight && words.back().count < most_joined;
    if (goes_on)
      ++words.back().count;
    else
      words.push_back({at, 1});
  }
  return words;
}

query_word any_of(const text_parts& of, const std::vector<typed_word>& words, std::size_t at) {
  const auto& word = words[at];
  query_word made;
  const auto& part = of.parts[word.first];
  const bool with_dot = part.dotted && word.count == 1;
  made.any_of.push_back(word_from(of, word.first, with_dot ? part.first - 1 : part.first, word.count));
  // A stored text may join this word with the words before it.
  auto count = word.count;
  auto first = at;
  while (first > 0 && joins(of.parts[words[first].first].gap)) {
    --first;
    count += words[first].count;
    if (count > most_joined) break;
    made.any_of.push_back(word_from(of, words[first].first, of.parts[words[first].first].first, count));
  }
  return made;
}

// Finds the longest one of some sorted beginnings that a word starts with, while it reads the word's
// characters.
class longest_beginning {
 public:
  explicit longest_beginning(std::span<const std::string> among) : left_(among) {}

  bool any_left() const { return !left_.empty(); }

  // True when the characters that were read so far are exactly one of the beginnings.
  bool read(char32_t code) {
    append_utf8(word_, code);
    const auto from = std::ranges::lower_bound(left_, word_);
    const auto to = std::partition_point(from, left_.end(),
                                         [&](const std::string& one) { return one.starts_with(word_); });
    left_ = {from, to};
    return any_left() && left_.front() == word_;
  }

 private:
  std::span<const std::string> left_;
  std::string word_;
};

struct matched_end {
  std::size_t part = 0;
  std::size_t character = 0;  // the index after the last match; 0: no match
};

matched_end match_from(const text_parts& of, std::size_t part, std::size_t start,
                       std::span<const std::string> among) {
  longest_beginning beginning(among);
  matched_end longest;
  std::size_t length = 0;
  for (auto at = part; at < of.parts.size() && at < part + most_joined; ++at) {
    if (at > part && !joins(of.parts[at].gap)) break;
    for (auto i = at == part ? start : of.parts[at].first; i < of.parts[at].last; ++i) {
      if (++length > longest_word) return longest;
      if (beginning.read(of.characters[i].code)) longest = {at, i + 1};
      if (!beginning.any_left()) return longest;
    }
  }
  return longest;
}

void append(std::vector<text_range>& ranges, text_range one) {
  if (!ranges.empty() && one.begin <= ranges.back().end)
    ranges.back().end = std::max(ranges.back().end, one.end);
  else
    ranges.push_back(one);
}

// Signs within a match are marked too, spaces are not.
void append_match(std::vector<text_range>& ranges, const text_parts& of, std::size_t part, std::size_t start,
                  const matched_end& end) {
  auto from = start;
  for (auto at = part; at <= end.part; ++at) {
    const auto& one = of.parts[at];
    if (at > part && one.gap != text_gap::tight) from = one.first;
    const auto to = at == end.part ? end.character : one.last;
    append(ranges, {of.characters[from].begin, of.characters[to - 1].end});
  }
}

}  // namespace

text_parts parts_of(std::string_view text) {
  return cutting(text).run();
}

std::string fold(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  bool space = false;
  for (const auto& one : folded_characters(text)) {
    if (one.code == ' ') {
      space = !folded.empty();
    } else if (one.code != arabic_joint) {
      if (space) folded += ' ';
      space = false;
      append_utf8(folded, one.code);
    }
  }
  return folded;
}

std::string sort_key(std::string_view text) {
  return fold(text);
}

std::vector<std::string> index_words(std::span<const std::string_view> texts) {
  std::vector<text_parts> all;
  for (const auto text : texts) all.push_back(parts_of(text));
  word_set words(most_index_words);
  for (const auto& of : all) {
    for (std::size_t at = 0; at < of.parts.size(); ++at) {
      const auto& part = of.parts[at];
      words.add(word_from(of, at, part.first, 1));
      if (part.after_dot) words.add(word_from(of, at, part.first - 1, 1));
    }
  }
  for (const auto& of : all) {
    for (std::size_t at = 0; at + 1 < of.parts.size(); ++at)
      if (joins(of.parts[at + 1].gap)) words.add(word_from(of, at, of.parts[at].first, most_joined));
  }
  for (const auto& of : all) {
    for (std::size_t at = 0; at < of.parts.size() && !words.full(); ++at)
      for (const auto start : of.parts[at].inner_starts) words.add(word_from(of, at, start, 1));
  }
  return words.take();
}

std::vector<query_word> query_words(std::string_view typed) {
  const auto of = parts_of(typed);
  const auto words = typed_words(of);
  std::vector<query_word> asked;
  std::unordered_set<std::string> seen;
  for (std::size_t at = 0; at < words.size() && asked.size() <= most_query_words; ++at) {
    auto one = any_of(of, words, at);
    if (seen.insert(one.any_of.front()).second) asked.push_back(std::move(one));
  }
  if (asked.size() > most_query_words) return asked;
  return telling(std::move(asked));
}

word_marker::word_marker(std::span<const query_word> asked) {
  for (const auto& word : asked)
    beginnings_.insert(beginnings_.end(), word.any_of.begin(), word.any_of.end());
  std::ranges::sort(beginnings_);
  const auto [first, last] = std::ranges::unique(beginnings_);
  beginnings_.erase(first, last);
}

std::vector<text_range> word_marker::find(std::string_view text) const {
  std::vector<text_range> ranges;
  if (beginnings_.empty()) return ranges;
  const auto of = parts_of(text);
  const auto try_from = [&](std::size_t part, std::size_t start) {
    const auto end = match_from(of, part, start, beginnings_);
    if (end.character > 0) append_match(ranges, of, part, start, end);
  };
  for (std::size_t at = 0; at < of.parts.size(); ++at) {
    const auto& part = of.parts[at];
    if (part.after_dot) try_from(at, part.first - 1);
    try_from(at, part.first);
    for (const auto start : part.inner_starts) try_from(at, start);
  }
  expects(ranges.empty() || ranges.back().end <= text.size(), "what is marked lies within the text");
  return ranges;
}

}  // namespace dossier::base
