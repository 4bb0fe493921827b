// A disk that begins to fail: between SQLite and the files that it opens from now on. As long as it lives it
// is SQLite's default; one at a time.
#pragma once

namespace dossier::fakes {

class failing_disk {
 public:
  failing_disk();
  // What was opened through it is closed by then.
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
