// The searches to measure, in a directory that make_people filled: words that many, few or no people have
// together, beginnings and filters, alone and combined; each in each order.
#pragma once

#include <string>
#include <vector>

#include "domain/people_query.h"

namespace dossier::bench {

struct question {
  std::string name;
  domain::people_query what;
};

std::vector<question> all_questions();

}  // namespace dossier::bench
