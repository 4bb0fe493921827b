// S3 in memory, as the transport of a client: objects, versions, uploads in parts. Goes wrong on command.
//
//   memory_s3 s3;
//   s3.on("UploadPart", 2, memory_s3::answer(503, "SlowDown"));      // the third one
//   aws::client client({.transport = s3, …});
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "aws/transport/transport.h"

namespace dossier::fakes {

class memory_s3 final : public aws::transport {
 public:
  struct fault {
    aws::sent<aws::response> answer;
    bool happens_all_the_same = false;
  };
  // An error in S3's form. With status 200: as CompleteMultipartUpload answers one.
  static fault answer(int status, const std::string& code);
  static fault refused(const std::string& message);  // AccessDenied, in these words
  static fault lost(bool happened);

  // The call of this operation with this number (from 0) goes wrong; -1: each.
  void on(const std::string& operation, int number, fault what);
  // `count` calls of any operation go wrong, from the one with this number on.
  void at(int number, int count, fault what) { at_ = {number, count, std::move(what)}; }
  void all_is_well() {
    faults_.clear();
    at_.reset();
  }
  // Awaited in the middle of each call of this operation, after its body was read.
  void during(const std::string& operation, std::function<awaitable<void>()> wait);
  // Each answer to GetObject breaks off after so many bytes; empty: no longer.
  void break_downloads_after(std::optional<std::size_t> bytes) { break_after_ = bytes; }
  // How the bucket is set up now; versions from before a change stay.
  bool versioned = false;
  bool suspended = false;      // versioned once: the version that is written now is called "null"
  bool names_versions = true;  // some clones do not say that a suspended bucket keeps any
  bool lists_versions = true;  // other clones list objects when they are asked for versions
  bool shows_locks = true;     // to whoever may see them
  // The versions of this key that are there may not be erased.
  enum class lock { none, retention, legal_hold };
  void hold(const std::string& key, lock how);
  std::size_t longest_page = 1'000;  // of any list

  awaitable<aws::sent<aws::response>> send(aws::http_request request) override;
  awaitable<aws::sent<aws::streamed_response>> open(aws::http_request request) override;

  // What the bucket holds.
  struct version {
    std::string id;
    int number = 0;  // later versions have larger ones
    bool marker = false;
    std::string bytes;
    std::string etag;
    aws::headers headers;
    lock held = lock::none;
  };
  const version* find(const std::string& key) const;
  std::size_t versions() const;
  std::set<std::string> names() const;  // of all objects with a version, if only a delete marker
  bool only_marked(const std::string& name) const;
  std::size_t uploads() const { return uploads_.size(); }
  std::vector<std::string> uploading() const;  // their keys
  std::size_t parts() const;                   // of all unfinished uploads
  std::string begin_upload(const std::string& key);

  // What was called, in order.
  const std::vector<std::string>& calls() const { return calls_; }
  int count(const std::string& operation) const;
  aws::http_request last(const std::string& operation) const { return last_.at(operation); }
  int most_at_once() const { return most_at_once_; }  // of calls with during()

 private:
  struct call;
  struct upload {
    std::string key;
    std::map<int, std::string> parts;
  };
  awaitable<aws::sent<aws::response>> serve(const call& what);
  aws::response perform(const call& what);
  aws::response put(const std::string& key, std::string bytes, const std::string& etag,
                    const aws::headers& headers);
  aws::response complete(const call& what);
  aws::response get(const call& what, bool with_body) const;
  aws::response head_version(const call& what) const;
  version& add_version(const std::string& key);
  int number_of_version(const std::string& key, const std::string& id) const;
  aws::response erase(const call& what);
  std::string list_uploads(const call& what) const;
  std::string list_versions(const call& what) const;
  std::string list_objects(const call& what) const;
  std::size_t page_length(const call& what, const char* asked) const;
  std::optional<fault> fault_of(const std::string& operation);

  std::map<std::string, std::vector<version>> objects_;  // oldest first
  std::map<std::string, upload> uploads_;
  struct stretch {
    int first = 0;
    int count = 0;
    fault what;
  };
  std::map<std::string, std::map<int, fault>> faults_;
  std::optional<stretch> at_;
  std::map<std::string, std::function<awaitable<void>()>> waits_;
  std::map<std::string, int> counts_;
  std::map<std::string, aws::http_request> last_;
  std::vector<std::string> calls_;
  std::optional<std::size_t> break_after_;
  int numbers_ = 0;
  int at_once_ = 0;
  int most_at_once_ = 0;
};

}  // namespace dossier::fakes
