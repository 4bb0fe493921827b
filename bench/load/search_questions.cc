#include "load/search_questions.h"

#include <array>
#include <string_view>
#include <utility>

#include "fakes/details.h"

namespace dossier::bench {
namespace {

using domain::people_sort;
using fakes::asked;

struct kind {
  std::string name;
  asked what;
};

std::vector<kind> kinds() {
  return {
      {"everybody", {}},
      {"a word that one in forty has", {.words = "lovelace"}},
      {"a word that half have", {.words = "backend"}},
      {"a word that a hundred have", {.words = "ushuaia"}},
      {"a word that nobody has", {.words = "zyzzyva"}},
      {"a word that one has", {.words = "n777777"}},
      {"two words that often meet", {.words = "backend zoe"}},
      {"two words that half have and that never meet", {.words = "backend frontend"}},
      {"two words that one in twelve has and that never meet", {.words = "cobol fortran"}},
      {"two words that seldom meet", {.words = "ushuaia backend"}},
      {"three words that meet", {.words = "backend zoe lisbon"}},
      {"three words that never meet", {.words = "backend zoe frontend"}},
      {"four words that meet", {.words = "zoe hopper backend rust"}},
      {"four words that never meet", {.words = "zoe hopper backend frontend"}},
      {"a letter that all have a word with", {.words = "n"}},
      {"two letters", {.words = "n1"}},
      {"five letters that many words have", {.words = "n1234"}},
      {"a beginning between the levels", {.words = "lovel"}},
      {"two beginnings that all have", {.words = "n b"}},
      {"two beginnings that never meet", {.words = "backe fron"}},
      {"four beginnings", {.words = "z h b n"}},
      {"four beginnings that never meet", {.words = "z h backe fron"}},
      {"whose names are all last", {.words = "zoe"}},
      {"technology", {.technology = "rust backend"}},
      {"the beginning of a technology", {.technology = "co"}},
      {"exactly this technology", {.technology_exact = "rust backend"}},
      {"exactly a technology that is only a beginning", {.technology_exact = "rust"}},
      {"location", {.location = "lisbon"}},
      {"a letter of the location", {.location = "l"}},
      {"technology and location", {.technology = "rust", .location = "lis"}},
      {"a range of ages", {.age_from = 30, .age_to = 39}},
      {"ages that nobody has", {.age_from = 100, .age_to = 120}},
      {"with files", {.has_files = true}},
      {"without files", {.has_files = false}},
      {"all filters", {.technology = "c", .location = "l", .age_from = 20, .age_to = 70, .has_files = true}},
      {"all filters and two words",
       {.words = "zoe backend",
        .technology = "c",
        .location = "l",
        .age_from = 20,
        .age_to = 70,
        .has_files = true}},
      {"words and a filter that never meet", {.words = "backend", .technology_exact = "rust frontend"}},
      {"the old, by whatever", {.words = "backend", .age_from = 77}},
  };
}

constexpr std::array<std::pair<people_sort, std::string_view>, 4> orders{
    {{people_sort::newest, "newest first"},
     {people_sort::oldest, "oldest first"},
     {people_sort::name, "by name"},
     {people_sort::age, "by age"}}};

}  // namespace

std::vector<question> all_questions() {
  std::vector<question> all;
  for (const auto& kind : kinds()) {
    for (const auto& [sort, name] : orders) {
      auto what = kind.what;
      what.sort = sort;
      all.push_back({kind.name + ", " + std::string(name), what});
    }
  }
  return all;
}

}  // namespace dossier::bench
