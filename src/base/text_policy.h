// When two texts are one to the people who type them. This one place decides it for words, filters, order and
// cursors, for the marks on a page, for suggestions, and for the authors of the catalog. What is compared is
// folded here; what was typed is kept and shown as it was.
//
//   Case, accents and compatibility forms do not count: Ångström is angstrom, Łukasz lukasz, ＡＢＣ abc, ﬁ
//   fi. A mark that is a letter of its script does: パリ is not バリ, पुणे not पाणी, й not и. Apostrophes,
//   hyphens, spaces, digits: one of each kind. What is never seen does not count at all.
//
// docs/adr/0019-one-text-policy.md says why. Every function takes any bytes and is linear in their number.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dossier::base {

// Stored beside what was folded. Raise it with any change of what the functions below answer.
inline constexpr int text_policy_version = 1;

// Equal texts fold alike, and the beginning of a text folds to a beginning of its fold. Without white space
// at the ends, and with one space where there are several. fold(fold(x)) == fold(x).
std::string fold(std::string_view text);
// Texts are sorted by the bytes of this.
std::string sort_key(std::string_view text);

// Words are cut after so many characters, those of texts and those that are searched for alike.
inline constexpr std::size_t longest_word = 48;
inline constexpr std::size_t most_index_words = 256;
inline constexpr std::size_t most_query_words = 32;

// What is stored of a person's texts, so that query_words() find it: each word, neighbours written as one
// (O'Brien and "O Brien" as obrien), and the ends of words in scripts without spaces. Each once, at most
// most_index_words; those that stand in the text come first.
std::vector<std::string> index_words(std::span<const std::string_view> texts);

// A search matches who has, for each of these, an index word that begins with one of `any_of`.
struct query_word {
  std::vector<std::string> any_of;  // 1 to 4 of them
  bool operator==(const query_word&) const = default;
};

// None implies another. Stops after most_query_words and one, so that the caller can tell that it is too
// much. Empty: nothing in it can be searched for.
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
  // In order, without overlap. Whole characters.
  std::vector<text_range> find(std::string_view text) const;

 private:
  std::vector<std::string> beginnings_;  // sorted
};

}  // namespace dossier::base
