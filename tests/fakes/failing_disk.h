// A disk that fails when it is told to. It stands between SQLite and the files that SQLite opens while this
// lives, and is SQLite's default meanwhile. There is one at a time.
#pragma once

namespace dossier::fakes {

class failing_disk {
 public:
  failing_disk();
  // All files that were opened through it are closed before.
  ~failing_disk();
  failing_disk(const failing_disk&) = delete;
  failing_disk& operator=(const failing_disk&) = delete;

  // The next so many syncs answer an error; what was written is written.
  static void fail_syncs(int count);
  // The next so many writes find no room.
  static void fail_writes(int count);
  // How many of either have failed since it was made.
  static int failed();
};

}  // namespace dossier::fakes
