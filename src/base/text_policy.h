// Decides which texts count as the same. Everything that compares texts uses this file: words, filters,
// sorting and cursors, the marks on a page, suggestions, and the authors of the catalog. Texts are folded
// only for comparing; what was typed is stored and shown unchanged.
//
//   Case, accents and compatibility forms are ignored: Ångström = angstrom, Łukasz = lukasz, ＡＢＣ = abc.
//   A mark that makes a different letter in its script is not ignored: パリ ≠ バリ, पुणे ≠ पाणी, й ≠ и.
//   All apostrophes are the same, and so are all hyphens, all spaces, and digits of the same value.
//   Invisible characters are ignored.
//
// docs/adr/0019-one-text-policy.md says why. Every function takes any bytes, in time linear in their number.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/folded_characters.h"

namespace dossier::base {

// Splits a text into the parts of its words. Between two parts may be a sign that people leave out or write
// differently (O'Brien, Node.js), spaces, or something that makes them separate words.

enum class text_gap {
  tight,  // nothing, or an apostrophe, hyphen, full stop, …: typed as one word
  loose,  // spaces, + & /: two words that some people write as one
  apart
};

struct text_part {
  std::size_t first = 0;           // an index in `characters`
  std::size_t last = 0;            // the index after its last character
  text_gap gap = text_gap::apart;  // between the part before and this one
  bool after_dot = false;          // there is a dot before it: ".net", "asp.net"
  bool dotted = false;             // and no word before that dot: only ".net"
  // Indexes within the part where a match may also begin, in scripts without spaces.
  std::vector<std::size_t> inner_starts;
};

struct text_parts {
  std::vector<folded_character> characters;
  std::vector<text_part> parts;
};

text_parts parts_of(std::string_view text);

// Stored beside folded texts. Raise it whenever a result of the functions below changes.
inline constexpr int text_policy_version = 1;

// The form in which texts are compared: texts with equal folds count as the same. The fold of a text's
// beginning is a beginning of the text's fold. A fold has no white space at its ends, and one space where
// there were several. fold(fold(x)) == fold(x).
std::string fold(std::string_view text);
// Texts are sorted by the bytes of their sort keys.
std::string sort_key(std::string_view text);

// Words are cut after this many characters, in stored texts and in searches.
inline constexpr std::size_t longest_word = 48;
inline constexpr std::size_t most_index_words = 256;
inline constexpr std::size_t most_query_words = 32;

// The words that are stored for a person's texts, and that searches match: each word, neighbouring words
// joined (obrien for O'Brien and "O Brien"), and the ends of words in scripts without spaces. No word is
// repeated. There are at most most_index_words; words that are in a text as they are come first.
std::vector<std::string> index_words(std::span<const std::string_view> texts);

// A search matches people who have, for each of these, an index word that begins with one of `any_of`.
struct query_word {
  std::vector<std::string> any_of;  // 1 to 4 of them
  bool operator==(const query_word&) const = default;
};

// The words of a search, without those that another one implies. More than most_query_words, which is never
// more than one too many, means that the search has too many words. Empty when the text has nothing to search
// for.
std::vector<query_word> query_words(std::string_view typed);

// The bytes of a text from `begin` to before `end`.
struct text_range {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const text_range&) const = default;
};

// Finds the places in a text that a search matched.
class word_marker {
 public:
  explicit word_marker(std::span<const query_word> asked);
  // The matches in order. They do not overlap, and each consists of whole characters.
  std::vector<text_range> find(std::string_view text) const;

 private:
  std::vector<std::string> beginnings_;  // sorted
};

}  // namespace dossier::base
