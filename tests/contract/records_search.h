// What the suites of searching share: the people found are compared with those who match, one by one.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <map>
#include <random>

#include "base/text_policy.h"
#include "contract/records_contract.h"
#include "fakes/details.h"

namespace dossier::contract {

using domain::people_sort;
using domain::person;
using fakes::asked;
using testing::ElementsAre;
using testing::IsEmpty;

class searching : public records_contract {
 protected:
  // Every second time, so that some people are found in the index and some are not in it yet.
  void tend_now_and_then() {
    if (++asked_ % 2 == 0) tend();
  }
  void tend() {
    while (must(store().tend_search(true))) {
    }
  }
  std::vector<std::string> names(const asked& what) {
    tend_now_and_then();
    std::vector<std::string> found;
    for (const auto& one : must(store().list_people(what)).items) found.push_back(one.details.name());
    return found;
  }
  std::vector<std::int64_t> ids(const std::vector<person>& people) {
    std::vector<std::int64_t> found;
    for (const auto& one : people) found.push_back(one.id.value);
    return found;
  }
  static bool has_all_words(const person& who, const std::string& words) {
    const std::array<std::string_view, 3> texts{who.details.name(), who.details[fakes::location_at],
                                                who.details[fakes::technology_at]};
    const auto theirs = base::index_words(texts);
    return std::ranges::all_of(base::query_words(words), [&](const base::query_word& word) {
      return std::ranges::any_of(theirs, [&](const std::string& one) {
        return std::ranges::any_of(word.any_of,
                                   [&](const std::string& beginning) { return one.starts_with(beginning); });
      });
    });
  }
  static bool meets(const person& who, const asked& what) {
    const auto technology = base::fold(who.details[fakes::technology_at]);
    const auto location = base::fold(who.details[fakes::location_at]);
    return has_all_words(who, what.words) && technology.starts_with(what.technology) &&
           location.starts_with(what.location) &&
           (what.location_exact.empty() || location == what.location_exact) &&
           who.details.number(fakes::age_at) >= what.age_from.value_or(0) &&
           (!what.has_files || *what.has_files == !who.files.empty());
  }
  // Follows `next` to the end and then `previous` to the start; both ways show the same pages.
  std::vector<std::int64_t> walk(asked what) {
    tend_now_and_then();
    std::vector<std::vector<std::int64_t>> pages;
    auto page = must(store().list_people(what));
    EXPECT_FALSE(page.previous);
    pages.push_back(ids(page.items));
    while (page.next) {
      what.cursor = page.next;
      page = must(store().list_people(what));
      EXPECT_FALSE(page.items.empty()) << "a next page that has nobody";
      EXPECT_TRUE(page.previous);
      pages.push_back(ids(page.items));
      if (pages.size() > 1000) throw std::runtime_error("the pages never end");
    }
    for (std::size_t i = pages.size() - 1; i-- > 0;) {
      if (!page.previous) throw std::runtime_error("no way back");
      what.cursor = page.previous;
      page = must(store().list_people(what));
      EXPECT_EQ(ids(page.items), pages[i]) << "page " << i << " on the way back";
      EXPECT_TRUE(page.next);
    }
    EXPECT_FALSE(page.previous);
    std::vector<std::int64_t> all;
    for (const auto& one : pages) all.insert(all.end(), one.begin(), one.end());
    return all;
  }

 private:
  int asked_ = 0;
};

}  // namespace dossier::contract
