#include "stores/sql/search/people_set.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

namespace dossier::stores::sql {
namespace {

constexpr std::size_t words = (std::size_t{1} << block_bits) / 64;
constexpr std::size_t bytes_of_bits = words * 8;
// A list of so many is as long as the bits: only shorter ones are lists, so that the length tells.
constexpr std::size_t too_many_for_list = bytes_of_bits / 2;

std::uint64_t bit_of(std::uint16_t place) {
  return std::uint64_t{1} << (place % 64);
}

}  // namespace

people_block::people_block(std::span<const std::byte> stored) {
  const auto byte_at = [&](std::size_t i) {
    return std::to_integer<std::uint64_t>(stored[i]);
  };
  if (stored.size() == bytes_of_bits) {
    bits_.resize(words);
    for (std::size_t i = 0; i < stored.size(); ++i) bits_[i / 8] |= byte_at(i) << (i % 8 * 8);
    for (const auto word : bits_) count_ += static_cast<std::size_t>(std::popcount(word));
    return;
  }
  if (stored.size() > bytes_of_bits || stored.size() % 2 != 0) return;
  list_.resize(stored.size() / 2);
  for (std::size_t i = 0; i < list_.size(); ++i)
    list_[i] = static_cast<std::uint16_t>(byte_at(2 * i) | (byte_at(2 * i + 1) << 8));
  count_ = list_.size();
}

std::vector<std::byte> people_block::encode() const {
  std::vector<std::byte> stored;
  if (count_ >= too_many_for_list) {
    stored.reserve(bytes_of_bits);
    for (const auto word : bits_) {
      for (int shift = 0; shift < 64; shift += 8) stored.push_back(static_cast<std::byte>(word >> shift));
    }
    return stored;
  }
  stored.reserve(2 * count_);
  each([&](std::uint16_t place) {
    stored.push_back(static_cast<std::byte>(place));
    stored.push_back(static_cast<std::byte>(place >> 8));
  });
  return stored;
}

void people_block::use_bits() {
  if (!bits_.empty()) return;
  bits_.resize(words);
  for (const auto place : std::exchange(list_, {})) bits_[place / 64] |= bit_of(place);
}

void people_block::add(std::uint16_t place) {
  if (contains(place)) return;
  ++count_;
  if (bits_.empty() && count_ < too_many_for_list) {
    list_.insert(std::ranges::lower_bound(list_, place), place);
    return;
  }
  use_bits();
  bits_[place / 64] |= bit_of(place);
}

void people_block::remove(std::uint16_t place) {
  if (!contains(place)) return;
  --count_;
  if (bits_.empty()) {
    list_.erase(std::ranges::lower_bound(list_, place));
  } else {
    bits_[place / 64] &= ~bit_of(place);
  }
}

void people_block::add_all(const people_block& others) {
  if (bits_.empty() && others.bits_.empty() && count_ + others.count_ < too_many_for_list) {
    std::vector<std::uint16_t> both;
    both.reserve(count_ + others.count_);
    std::ranges::set_union(list_, others.list_, std::back_inserter(both));
    list_ = std::move(both);
    count_ = list_.size();
    return;
  }
  use_bits();
  if (others.bits_.empty()) {
    for (const auto place : others.list_) bits_[place / 64] |= bit_of(place);
  } else {
    for (std::size_t i = 0; i < words; ++i) bits_[i] |= others.bits_[i];
  }
  count_ = 0;
  for (const auto word : bits_) count_ += static_cast<std::size_t>(std::popcount(word));
}

void people_block::keep_common(const people_block& others) {
  if (!bits_.empty() && !others.bits_.empty()) {
    count_ = 0;
    for (std::size_t i = 0; i < words; ++i) {
      bits_[i] &= others.bits_[i];
      count_ += static_cast<std::size_t>(std::popcount(bits_[i]));
    }
    return;
  }
  std::vector<std::uint16_t> both;
  if (bits_.empty() && others.bits_.empty()) {
    std::ranges::set_intersection(list_, others.list_, std::back_inserter(both));
  } else {
    const auto& listed = bits_.empty() ? *this : others;
    const auto& longer = bits_.empty() ? others : *this;
    std::ranges::copy_if(listed.list_, std::back_inserter(both),
                         [&](std::uint16_t place) { return longer.contains(place); });
  }
  bits_.clear();
  list_ = std::move(both);
  count_ = list_.size();
}

bool people_block::contains(std::uint16_t place) const {
  if (bits_.empty()) return std::ranges::binary_search(list_, place);
  return (bits_[place / 64] & bit_of(place)) != 0;
}

void people_set::add(std::int64_t block, people_block members) {
  if (members.count() == 0) return;
  const auto [at, is_new] = blocks_.try_emplace(block);
  if (is_new) {
    at->second = std::move(members);
  } else {
    at->second.add_all(members);
  }
}

void people_set::keep_common(const people_set& others) {
  for (auto at = blocks_.begin(); at != blocks_.end();) {
    const auto same = others.blocks_.find(at->first);
    if (same != others.blocks_.end()) at->second.keep_common(same->second);
    const bool none = same == others.blocks_.end() || at->second.count() == 0;
    at = none ? blocks_.erase(at) : std::next(at);
  }
}

const people_block* people_set::find_block(std::int64_t number) const {
  const auto at = blocks_.find(number);
  return at == blocks_.end() ? nullptr : &at->second;
}

bool people_set::contains(std::int64_t id) const {
  const auto block = blocks_.find(block_of(id));
  return block != blocks_.end() && block->second.contains(place_of(id));
}

std::size_t people_set::count() const {
  std::size_t all = 0;
  for (const auto& [number, block] : blocks_) all += block.count();
  return all;
}

std::vector<std::int64_t> people_set::ids() const {
  std::vector<std::int64_t> all;
  all.reserve(count());
  for (const auto& [number, block] : blocks_) {
    block.each([&](std::uint16_t place) { all.push_back((number << block_bits) | place); });
  }
  return all;
}

std::vector<std::int64_t> people_set::after(std::int64_t id, std::size_t most) const {
  std::vector<std::int64_t> found;
  for (auto at = blocks_.lower_bound(block_of(id)); at != blocks_.end() && found.size() < most; ++at) {
    at->second.each([&](std::uint16_t place) {
      const auto one = (at->first << block_bits) | place;
      if (one > id && found.size() < most) found.push_back(one);
    });
  }
  return found;
}

std::vector<std::int64_t> people_set::before(std::int64_t id, std::size_t most) const {
  std::vector<std::int64_t> found;
  for (auto at = blocks_.upper_bound(block_of(id)); at != blocks_.begin() && found.size() < most;) {
    --at;
    std::vector<std::int64_t> here;
    at->second.each([&](std::uint16_t place) {
      const auto one = (at->first << block_bits) | place;
      if (one < id) here.push_back(one);
    });
    const auto some = std::min(here.size(), most - found.size());
    found.insert(found.end(), here.rbegin(), here.rbegin() + static_cast<std::ptrdiff_t>(some));
  }
  return found;
}

}  // namespace dossier::stores::sql
