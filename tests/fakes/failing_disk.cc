#include "fakes/failing_disk.h"

#include <atomic>

#include <sqlite3.h>

namespace dossier::fakes {
namespace {

std::atomic<int> syncs_to_fail = 0;
std::atomic<int> writes_to_fail = 0;
std::atomic<int> failures = 0;

// All files of SQLite's own disk that we meet have the same methods.
const sqlite3_io_methods* real_methods = nullptr;
sqlite3_io_methods our_methods;
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
  return shall_fail(syncs_to_fail) ? SQLITE_IOERR_FSYNC : real_methods->xSync(file, flags);
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  return shall_fail(writes_to_fail) ? SQLITE_FULL : real_methods->xWrite(file, bytes, count, offset);
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* given) {
  const int code = real_disk->xOpen(real_disk, name, file, flags, given);
  if (file->pMethods == nullptr) return code;
  if (real_methods == nullptr) {
    real_methods = file->pMethods;
    our_methods = *real_methods;
    our_methods.xSync = &sync;
    our_methods.xWrite = &write;
  }
  if (file->pMethods == real_methods) file->pMethods = &our_methods;
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
