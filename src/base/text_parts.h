// A text cut into the parts that its words are made of. Between two parts may stand a sign that people leave
// out or write otherwise (O'Brien, Node.js), spaces, or something that keeps them apart.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/folded_characters.h"

namespace dossier::base {

enum class text_gap {
  tight,  // nothing but an apostrophe, hyphen, full stop, …: typed as one word
  loose,  // spaces, + & /: two words that others write as one
  apart
};

struct text_part {
  std::size_t first = 0;           // an index of `characters`
  std::size_t last = 0;            // one behind its last character
  text_gap gap = text_gap::apart;  // before it
  bool after_dot = false;          // a dot stands before it: ".net", "asp.net"
  bool dotted = false;             // and no word before that dot: ".net" only
  // Indexes within the part where a search may begin too: in scripts without spaces.
  std::vector<std::size_t> inner_starts;
};

struct text_parts {
  std::vector<folded_character> characters;
  std::vector<text_part> parts;
};

text_parts parts_of(std::string_view text);

}  // namespace dossier::base
