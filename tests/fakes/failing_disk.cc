#include "fakes/failing_disk.h"

#include <array>
#include <atomic>

#include <sqlite3.h>

namespace dossier::fakes {
namespace {

std::atomic<int> syncs_to_fail = 0;
std::atomic<int> writes_to_fail = 0;
std::atomic<int> failures = 0;

// SQLite's own disk has other methods for a database than for its log, which takes no locks. A file points to
// the first member.
struct methods {
  sqlite3_io_methods ours{};
  const sqlite3_io_methods* real = nullptr;
};
std::array<methods, 4> met;

const sqlite3_io_methods& real_of(const sqlite3_file* file) {
  return *reinterpret_cast<const methods*>(file->pMethods)->real;
}

sqlite3_vfs* real_disk = nullptr;
sqlite3_vfs our_disk;

bool shall_fail(std::atomic<int>& left) {
  int count = left.load();
  while (count > 0 && !left.compare_exchange_weak(count, count - 1)) {
  }
  if (count <= 0) return false;
  ++failures;
  return true;
}

int sync(sqlite3_file* file, int flags) {
  return shall_fail(syncs_to_fail) ? SQLITE_IOERR_FSYNC : real_of(file).xSync(file, flags);
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  return shall_fail(writes_to_fail) ? SQLITE_FULL : real_of(file).xWrite(file, bytes, count, offset);
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* given) {
  const int code = real_disk->xOpen(real_disk, name, file, flags, given);
  if (file->pMethods == nullptr) return code;
  for (auto& one : met) {
    if (one.real == nullptr) {
      one.real = file->pMethods;
      one.ours = *one.real;
      one.ours.xSync = &sync;
      one.ours.xWrite = &write;
    }
    if (one.real != file->pMethods) continue;
    file->pMethods = &one.ours;
    break;
  }
  return code;
}

}  // namespace

failing_disk::failing_disk() {
  syncs_to_fail = writes_to_fail = failures = 0;
  real_disk = sqlite3_vfs_find(nullptr);
  our_disk = *real_disk;
  our_disk.zName = "failing";
  our_disk.xOpen = &open;
  sqlite3_vfs_register(&our_disk, 1);
}

failing_disk::~failing_disk() {
  sqlite3_vfs_unregister(&our_disk);
  sqlite3_vfs_register(real_disk, 1);
}

void failing_disk::fail_syncs(int count) {
  syncs_to_fail = count;
}

void failing_disk::fail_writes(int count) {
  writes_to_fail = count;
}

int failing_disk::failed() {
  return failures;
}

}  // namespace dossier::fakes
