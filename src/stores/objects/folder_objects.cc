#include "stores/objects/folder_objects.h"

#include <algorithm>
#include <chrono>

#include <sys/stat.h>

#include "base/source_abilities.h"
#include "stores/objects/object_reader.h"
#include "stores/objects/piece.h"
#include "stores/objects/remembering_source.h"

namespace dossier::stores {
namespace {

using base::byte_view;
using base::result;
using domain::object_entry;
using domain::object_key;

// A file this small takes one trip to the disk's threads. Of a longer one nothing is kept: what the source
// shows is written from where it lies.
constexpr std::size_t small_file = 16 * 1024;

}  // namespace

// One object on its way. Its calls block, but for the destructor when it was finished.
class folder_objects::upload {
 public:
  upload(object_folder& folder, object_key key) : folder_(folder), key_(std::move(key)) {}
  ~upload() {
    if (draft_ && !finished_) folder_.give_up(*draft_);
  }
  upload(const upload&) = delete;
  upload& operator=(const upload&) = delete;

  result<void> write(byte_view first, byte_view then) {
    if (!draft_) {
      auto started = folder_.start(key_);
      if (!started) return base::pass(started);
      draft_ = std::move(*started);
    }
    if (auto written = folder_.append(*draft_, first); !written) return written;
    return folder_.append(*draft_, then);
  }
  result<void> write_last(byte_view bytes) {
    auto written = write(bytes, {});
    if (!written) return written;
    auto done = folder_.finish(*draft_);
    finished_ = done.has_value();
    return done;
  }

 private:
  object_folder& folder_;
  object_key key_;
  std::optional<object_folder::draft> draft_;
  bool finished_ = false;
};

folder_objects::folder_objects(std::unique_ptr<object_folder> folder, base::blocking_pool& pool,
                               base::call_observer observer)
    : folder_(std::move(folder)), pool_(pool), observer_(std::move(observer)) {}

folder_objects::~folder_objects() = default;

void folder_objects::tell(const char* operation, std::chrono::steady_clock::time_point start,
                          bool worked) const {
  if (observer_) observer_("objects", operation, std::chrono::steady_clock::now() - start, worked);
}

// An object that is opened and is not there has failed, too: its row says that it is.
template <class Answer>
awaitable<result<Answer>> folder_objects::observed(const char* operation, awaitable<result<Answer>> work) {
  const auto start = std::chrono::steady_clock::now();
  auto answer = co_await std::move(work);
  tell(operation, start, answer.has_value());
  co_return answer;
}

awaitable<result<void>> folder_objects::put_all(const object_key& key, base::byte_source& bytes) {
  upload target(*folder_, key);
  piece gathered(small_file);
  while (true) {
    auto view = co_await bytes.next();
    if (!view) co_return base::pass(view);
    if (view->empty()) break;
    if (view->size() <= gathered.room() && base::is_ready(bytes)) {
      gathered.add(*view);
      continue;
    }
    auto written = co_await pool_.run([&] { return target.write(gathered.view(), *view); });
    if (!written) co_return written;
    gathered.give_back();
  }
  co_return co_await pool_.run([&] { return target.write_last(gathered.view()); });
}

awaitable<result<void>> folder_objects::put(object_key key, base::byte_source& bytes) {
  const auto start = std::chrono::steady_clock::now();
  remembering_source source(bytes);
  auto answer = co_await put_all(key, source);
  // A client that went away, or sends too much: the store did all that it was asked.
  tell("put", start, answer || source.failed());
  co_return answer;
}

awaitable<result<std::unique_ptr<base::byte_source>>> folder_objects::open_range(const object_key& key,
                                                                                 std::uint64_t offset,
                                                                                 std::uint64_t length) {
  auto opened = folder_->open_cached(key);
  if (!opened) opened = co_await pool_.run([&] { return folder_->open(key); });
  if (!*opened) co_return base::pass(*opened);
  auto& file = **opened;
  struct ::stat found = {};
  if (::fstat(file.get(), &found) != 0) co_return std::unexpected(system_error(errno, "look at an object"));
  const auto size = static_cast<std::uint64_t>(found.st_size);
  if (offset > size || length > size - offset) {
    co_return base::fail(base::error_code::internal, "The file's bytes are not all there.");
  }
  co_return std::make_unique<object_reader>(pool_, std::move(file), offset, length);
}

awaitable<result<std::unique_ptr<base::byte_source>>> folder_objects::open(object_key key,
                                                                           std::uint64_t offset,
                                                                           std::uint64_t length) {
  co_return co_await observed("open", open_range(key, offset, length));
}

awaitable<result<std::optional<std::string>>> folder_objects::link(object_key, domain::link_headers) {
  co_return std::nullopt;
}

awaitable<result<void>> folder_objects::erase(object_key key) {
  co_return co_await observed("erase", pool_.run([&] { return folder_->erase(key); }));
}

awaitable<result<std::optional<std::uint64_t>>> folder_objects::stat(object_key key) {
  co_return co_await observed("stat", pool_.run([&] { return folder_->stat(key); }));
}

awaitable<result<std::vector<object_entry>>> folder_objects::list(object_key after, int limit) {
  const auto most = static_cast<std::size_t>(std::max(limit, 1));
  co_return co_await observed("list", pool_.run([&] { return folder_->list(after, most); }));
}

awaitable<result<domain::object_remains>> folder_objects::remains(int limit) {
  const auto most = static_cast<std::size_t>(std::max(limit, 1));
  co_return co_await observed("remains", pool_.run([&] { return folder_->remains(most); }));
}

awaitable<result<std::optional<domain::records_identity>>> folder_objects::owner() {
  co_return co_await observed("owner", pool_.run([&] { return folder_->owner(); }));
}

awaitable<result<domain::records_identity>> folder_objects::claim(domain::records_identity who) {
  co_return co_await observed("claim", pool_.run([&] { return folder_->claim(who); }));
}

awaitable<result<void>> folder_objects::give(domain::records_identity who) {
  co_return co_await observed("give", pool_.run([&] { return folder_->give(who); }));
}

awaitable<result<void>> folder_objects::check() {
  co_return co_await observed("check", pool_.run([&] { return folder_->check(); }));
}

}  // namespace dossier::stores
