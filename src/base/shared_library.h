// A library that is loaded when it is first needed, not when the process starts, and is never unloaded.
//
//   auto library = shared_library::load("libz.so.1", "zlib1g");
//   decltype(&::zlibVersion) version = nullptr;
//   library->find("zlibVersion", version);
//   if (auto all = library->found_all(); !all) …
#pragma once

#include <string>

#include "base/result.h"

namespace dossier::base {

class shared_library {
 public:
  // `package` is the Debian package that the error message names. Error: invalid, when the library cannot be
  // loaded; the message says why.
  static result<shared_library> load(std::string file, std::string package);

  // Sets `function` to the library's function of this name; null when there is none.
  template <class Function>
  void find(const char* name, Function*& function) {
    function = reinterpret_cast<Function*>(address_of(name));
  }
  // Error: invalid, when the library lacks a function that find() looked for.
  result<void> found_all() const;

 private:
  shared_library(std::string file, std::string package, void* handle)
      : file_(std::move(file)), package_(std::move(package)), handle_(handle) {}
  void* address_of(const char* name);

  std::string file_;
  std::string package_;
  void* handle_;
  std::string missing_;  // the first function that was not found
};

}  // namespace dossier::base
