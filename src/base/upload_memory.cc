#include "base/upload_memory.h"

#include <sys/mman.h>

namespace dossier::base {
namespace {

constexpr std::size_t kept_of_a_size = 8;

}  // namespace

upload_memory::~upload_memory() {
  for (auto& each : shelves_) {
    for (char* data : each.kept) ::munmap(data, each.size);
  }
}

upload_memory::share upload_memory::take(std::uint64_t amount) {
  auto now = in_use_.load(std::memory_order_relaxed);
  do {
    if (amount > limit_ || now > limit_ - amount) return {};
  } while (!in_use_.compare_exchange_weak(now, now + amount, std::memory_order_relaxed));
  return {this, amount};
}

upload_memory::shelf& upload_memory::shelf_of(std::size_t size) {
  const std::size_t which = size == shelves_[0].size ? 0 : 1;
  expects(size == shelves_[which].size, "a block has one of the two sizes");
  return shelves_[which];
}

upload_memory::block upload_memory::take(block_size wanted) {
  const auto size = static_cast<std::size_t>(wanted);
  auto counted = take(std::uint64_t{size});
  if (!counted) return {};
  {
    const std::lock_guard lock(mutex_);
    auto& kept = shelf_of(size).kept;
    if (!kept.empty()) {
      char* data = kept.back();
      kept.pop_back();
      return {*this, std::move(counted), data, size};
    }
  }
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) return {};
  return {*this, std::move(counted), static_cast<char*>(data), size};
}

void upload_memory::give_back(char* data, std::size_t size) {
  {
    const std::lock_guard lock(mutex_);
    auto& kept = shelf_of(size).kept;
    if (kept.size() < kept_of_a_size) {
      kept.reserve(kept_of_a_size);
      kept.push_back(data);
      return;
    }
  }
  ::munmap(data, size);
}

}  // namespace dossier::base
