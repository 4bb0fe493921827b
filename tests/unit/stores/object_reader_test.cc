#include "stores/objects/folder_objects.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fakes/run.h"
#include "fakes/temporary_folder.h"

namespace dossier::stores {
namespace {

constexpr std::uint64_t size = 3 << 20;

// How many of the file's pages lie in memory.
std::int64_t pages_in_memory(int file) {
  void* at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  std::vector<unsigned char> pages(size / 4096);
  EXPECT_EQ(::mincore(at, size, pages.data()), 0);
  ::munmap(at, size);
  return std::ranges::count_if(pages, [](unsigned char one) { return (one & 1) != 0; });
}

TEST(object_reader, fetches_from_the_disk_what_is_to_be_sent) {
  const fakes::temporary_folder folder;
  base::blocking_pool pool(1);
  descriptor file(::open((folder.path() / "object").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const std::string bytes(size, 'x');
  ASSERT_EQ(::write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(size));
  ASSERT_EQ(::fsync(file.get()), 0);
  ASSERT_EQ(::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED), 0);
  const int seen = file.get();
  const bool cold = pages_in_memory(seen) == 0;

  object_reader reader(pool, std::move(file), 0, size);
  fakes::run_sync(reader.fetch({seen, 1 << 20, 1 << 20}));
  EXPECT_GE(pages_in_memory(seen), 256);
  fakes::run_sync(reader.fetch({seen, 0, 0}));
  if (!cold) GTEST_SKIP() << "this file system keeps all of it in memory";
}

}  // namespace
}  // namespace dossier::stores
