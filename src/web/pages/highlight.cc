#include "web/pages/highlight.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace dossier::web {
namespace {

// Letters, as far as marking needs to know: what is not ASCII counts as one.
bool in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) != 0;
}

std::size_t next_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

// How many bytes of `word` fold to the longest of `wanted` that it begins with.
std::size_t matched_length(std::string_view word, const std::vector<std::string>& wanted) {
  const std::string folded = base::fold(word);
  std::string_view longest;
  for (const auto& candidate : wanted)
    if (candidate.size() > longest.size() && folded.starts_with(candidate)) longest = candidate;
  if (longest.empty()) return 0;
  for (std::size_t end = next_character(word, 0); end < word.size(); end = next_character(word, end))
    if (base::fold(word.substr(0, end)).starts_with(longest)) return end;
  return word.size();
}

void append(std::vector<text_piece>& pieces, std::string_view text, bool matched) {
  if (text.empty()) return;
  if (!pieces.empty() && pieces.back().matched == matched)
    pieces.back().text += text;
  else
    pieces.push_back({std::string(text), matched});
}

}  // namespace

std::vector<text_piece> mark_matches(std::string_view text, const std::vector<std::string>& words) {
  if (words.empty()) return {{std::string(text), false}};
  std::vector<text_piece> pieces;
  while (!text.empty()) {
    const auto word_start = std::ranges::find_if(text, in_word);
    append(pieces, {text.begin(), word_start}, false);
    const auto word_end = std::find_if_not(word_start, text.end(), in_word);
    const std::string_view word(word_start, word_end);
    const auto length = word.empty() ? 0 : matched_length(word, words);
    append(pieces, word.substr(0, length), true);
    append(pieces, word.substr(length), false);
    text = {word_end, text.end()};
  }
  return pieces;
}

void fill_marked(view into, std::string_view section, std::string_view text,
                 const std::vector<std::string>& words) {
  for (const auto& piece : mark_matches(text, words))
    into.add(section).set_and_show("TEXT", piece.text, piece.matched ? "MARK" : "PLAIN");
}

}  // namespace dossier::web
