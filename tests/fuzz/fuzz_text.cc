// The text policy: any bytes are folded, cut into words and marked, within bounds; folding twice is as once.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/characters.h"
#include "base/text.h"
#include "base/text_policy.h"

namespace {

using namespace dossier::base;

void require(bool holds) {
  if (!holds) std::abort();
}

bool begins_one_of(const std::vector<std::string>& words, const query_word& asked) {
  for (const auto& beginning : asked.any_of) {
    for (const auto& word : words)
      if (word.starts_with(beginning)) return true;
  }
  return false;
}

void require_sound(std::string_view text, std::string_view typed) {
  const auto folded = fold(text);
  require(is_valid_utf8(folded) && fold(folded) == folded);
  const std::array<std::string_view, 3> texts{text, typed, text};
  const auto words = index_words(texts);
  require(words.size() <= most_index_words);
  for (const auto& word : words) require(!word.empty() && count_characters(word) <= longest_word);
  const auto asked = query_words(typed);
  require(asked.size() <= most_query_words + 1);
  // A search for one of the texts finds it, unless it has more words than are kept.
  if (words.size() < most_index_words && asked.size() <= most_query_words) {
    for (const auto& one : asked) require(begins_one_of(words, one));
  }
  std::size_t end = 0;
  for (const auto& mark : word_marker(asked).find(text)) {
    require(end <= mark.begin && mark.begin < mark.end && mark.end <= text.size());
    end = mark.end;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto line = all.find('\n');
  const auto text = all.substr(0, line);
  const auto typed = line == std::string_view::npos ? text : all.substr(line + 1);
  require_sound(text, typed);
  (void)parse_whole(text);
  if (!is_valid_utf8(text)) return 0;
  require(is_valid_utf8(contained(text)) && contained(contained(text)) == contained(text));
  (void)isolated(text);
  for (const std::size_t most : {1, 7, 200}) require(count_characters(first_characters(text, most)) <= most);
  return 0;
}
