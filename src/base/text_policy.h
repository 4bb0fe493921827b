// Which texts are the same to the people who type them. Only this file decides it: for words, filters, order
// and cursors, for the marks on a page, for suggestions, and for the authors of the catalog. Texts are folded
// here to be compared; what was typed is kept and shown unchanged.
//
//   Case, accents and compatibility forms do not count: Ångström is angstrom, Łukasz lukasz, ＡＢＣ abc, ﬁ
//   fi. A mark that makes another letter in its script does: パリ is not バリ, पुणे not पाणी, й not и. All
//   apostrophes are the same, and so are all hyphens, all spaces, and digits of the same value. Characters
//   that are never seen do not count at all.
//
// docs/adr/0019-one-text-policy.md says why. Every function takes any bytes and is linear in their number.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dossier::base {

// Stored beside folded texts. Raise it with any change in the results of the functions below.
inline constexpr int text_policy_version = 1;

// Texts that are the same have the same fold, and the beginning of a text folds to a beginning of its fold. A
// fold has no white space at its ends, and one space where there were several. fold(fold(x)) == fold(x).
std::string fold(std::string_view text);
// Texts are sorted by the bytes of this.
std::string sort_key(std::string_view text);

// Words are cut after so many characters, both in texts and in searches.
inline constexpr std::size_t longest_word = 48;
inline constexpr std::size_t most_index_words = 256;
inline constexpr std::size_t most_query_words = 32;

// The words that are stored for a person's texts, so that query_words() finds them: each word, neighbours
// written as one (O'Brien and "O Brien" as obrien), and the ends of words in scripts without spaces. Each
// once, at most most_index_words; words that stand in a text as they are come first.
std::vector<std::string> index_words(std::span<const std::string_view> texts);

// A search matches people who have, for each of these, an index word that begins with one of `any_of`.
struct query_word {
  std::vector<std::string> any_of;  // 1 to 4 of them
  bool operator==(const query_word&) const = default;
};

// No word implies another. There are most_query_words + 1 at most: with one too many the caller sees that it
// is too much. Empty: nothing in the text can be searched for.
std::vector<query_word> query_words(std::string_view typed);

// Bytes of a text.
struct text_range {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const text_range&) const = default;
};

// Finds what a search matched in the texts that it found.
class word_marker {
 public:
  explicit word_marker(std::span<const query_word> asked);
  // In order, without overlap, of whole characters.
  std::vector<text_range> find(std::string_view text) const;

 private:
  std::vector<std::string> beginnings_;  // sorted
};

}  // namespace dossier::base
