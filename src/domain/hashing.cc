#include "domain/hashing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/sizes.h"

namespace dossier::domain {

void fingerprint::add(std::string_view text) {
  hash_.update(fmt::format("{}:", text.size()));
  hash_.update(text);
}

void fingerprint::add(const details& what) {
  for (std::size_t i = 0; i < what.size(); ++i) {
    const bool came_later = i >= details_at_first;
    if (came_later && what[i].empty()) continue;
    if (came_later) add(detail_fields()[i].name);
    add(what[i]);
  }
}

void fingerprint::add_file(std::string_view name, const sha256_digest& digest) {
  add(name);
  hash_.update(digest);
}

sha256_digest fingerprint_of(const details& what) {
  fingerprint one;
  one.add(what);
  return one.finish();
}

hashing_source::hashing_source(base::byte_source& bytes, std::uint64_t limit)
    : bytes_(bytes), limit_(limit) {}

awaitable<base::result<base::byte_view>> hashing_source::next() {
  base::expects(!ended_, "a source is not asked again after its end");
  auto view = co_await bytes_.next();
  if (!view) co_return view;
  if (view->empty()) {
    ended_ = true;
    co_return view;
  }
  base::expects(size_ <= limit_, "no more bytes were let through than the limit");
  if (view->size() > limit_ - size_) {
    co_return std::unexpected(
        base::error{base::error_code::too_large,
                    "A file is too large.",
                    {{"file_name", fmt::format("Choose a file of {} or less", base::size_limit(limit_))}}});
  }
  if (size_ < prefix_.size()) {
    const auto kept = std::min<std::size_t>(view->size(), prefix_.size() - size_);
    std::copy_n(view->begin(), kept, prefix_.begin() + static_cast<std::ptrdiff_t>(size_));
  }
  size_ += view->size();
  hash_.update(*view);
  co_return view;
}

std::string_view hashing_source::media_type() const {
  return detect_media_type(std::span(prefix_).first(std::min<std::size_t>(size_, prefix_.size())));
}

}  // namespace dossier::domain
