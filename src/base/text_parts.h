// Splits a text into the parts of its words. Between two parts may be a sign that people leave out or write
// differently (O'Brien, Node.js), spaces, or something that makes them separate words.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/folded_characters.h"

namespace dossier::base {

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

}  // namespace dossier::base
